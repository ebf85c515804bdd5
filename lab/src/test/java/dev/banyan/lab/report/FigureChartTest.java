package dev.banyan.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FigureChartTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void a_contender_looks_the_same_where_another_has_nothing_to_draw() throws IOException {
    Set<String> all = colours(List.of(row("mesh", 1), row("star", 2), row("tree", 3)), Set.of());
    Set<String> fewer = colours(List.of(row("mesh", 0), row("star", 2), row("tree", 3)), Set.of());
    Set<String> asked =
        colours(List.of(row("mesh", 1), row("star", 2), row("tree", 3)), Set.of("star", "tree"));
    assertThat(fewer).isNotEmpty().isEqualTo(asked).isSubsetOf(all).isNotEqualTo(all);
  }

  private static Row row(String series, double mean) {
    return new Row("any", series, "9", "packets", mean, 0, 1);
  }

  /// Of all curves in a picture of these rows.
  private Set<String> colours(List<Row> rows, Set<String> series) throws IOException {
    List<Row> twice = new ArrayList<>(rows);
    rows.forEach(
        row -> twice.add(new Row("any", row.series(), "27", row.metric(), 2 * row.mean(), 0, 1)));
    Plot plot = new Plot(Plot.Kind.GROWTH, "x", "y", List.of("packets"), Set.of(), Map.of());
    assertThat(new FigureChart("Any", plot, twice, series).save(folder, "any")).isTrue();
    return Pattern.compile("stroke=\"(rgb\\([0-9,]+\\))\"")
        .matcher(Files.readString(folder.resolve("any.svg")))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
