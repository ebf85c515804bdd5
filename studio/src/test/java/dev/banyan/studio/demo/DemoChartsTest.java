package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DemoChartsTest {

  @TempDir private Path directory;

  @Test
  void both_figures_are_pictures_and_the_numbers_behind_them_are_kept() throws Exception {
    List<Sample> samples = new ArrayList<>();
    samples.add(new Sample(0, 0, 0, 0, Double.NaN, 0));
    for (int i = 1; i <= 50; i++) {
      samples.add(new Sample(i / 10.0, i, i - 1, i % 4, 1 + i / 25.0, i));
    }
    List<Phase> phases = List.of(new Phase("joins", 0), new Phase("removals", 2.5));
    new DemoCharts(samples, phases).write(directory);

    for (String figure : List.of("figure2", "figure3")) {
      BufferedImage image = ImageIO.read(directory.resolve(figure + ".png").toFile());
      assertThat(image.getWidth()).isGreaterThan(800);
      assertThat(coloursOf(image)).isGreaterThan(10);
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      assertThat(
              factory
                  .newDocumentBuilder()
                  .parse(directory.resolve(figure + ".svg").toFile())
                  .getDocumentElement()
                  .getTagName())
          .isEqualTo("svg");
    }
    List<String> csv = Files.readAllLines(directory.resolve("samples.csv"));
    assertThat(csv).hasSize(samples.size() + 1);
    assertThat(csv.get(0))
        .isEqualTo("seconds,nodes,clients,maxImbalance,meanClientDepth,liveNodes");
    assertThat(csv.get(1)).isEqualTo("0.000,0,0,0,,0");
    assertThat(csv.get(2)).isEqualTo("0.100,1,0,1,1.0400,1");
  }

  @Test
  void a_run_too_short_for_a_curve_still_keeps_its_numbers() throws IOException {
    new DemoCharts(List.of(new Sample(0, 0, 0, 0, Double.NaN, 0)), List.of()).write(directory);
    assertThat(directory.resolve("samples.csv")).exists();
    assertThat(directory.resolve("figure2.png")).doesNotExist();
  }

  private static long coloursOf(BufferedImage image) {
    return IntStream.range(0, image.getWidth() * image.getHeight())
        .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
        .distinct()
        .count();
  }
}
