package dev.banyan.lab.report;

import dev.banyan.lab.charts.Pictures;
import dev.banyan.lab.claims.Claim;
import dev.banyan.lab.claims.Claims;
import dev.banyan.lab.claims.Measurements;
import dev.banyan.lab.claims.Verdict;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Metric;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Row;
import dev.banyan.lab.report.FiguresResult.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One page that holds everything a run has found out: `index.html`, with nothing outside it but the tables it links to.
public final class ResultsPage {

  public static final String NAME = "index.html";

  /// A table with more rows is linked to and not shown.
  private static final int MOST_ROWS = 150;

  private final FiguresOptions options;
  private final FiguresResult result;
  private final Map<String, String> parameters;
  private final Measurements measured;

  /// @param parameters of the run, for people: name and value
  public ResultsPage(FiguresOptions options, FiguresResult result, Map<String, String> parameters) {
    this.options = options;
    this.result = result;
    this.parameters = parameters;
    this.measured = new Measurements(result.tables());
  }

  /// For a terminal: the numbers of what was asked for by name, the fitted exponents, and a verdict on each claim that
  /// was measured.
  ///
  /// @param named whether figures were asked for by name; else there are too many
  public List<String> lines(boolean named) {
    List<String> lines = new ArrayList<>();
    for (Figure figure : named ? options.figures() : List.<Figure>of()) {
      List<String> table =
          ResultTable.lines(figure, result.tables().getOrDefault(figure.name(), List.of()));
      lines.addAll(table);
      if (!table.isEmpty()) {
        lines.add("");
      }
    }
    for (Row row : exponents()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "figure %s, %s: %s %.3f ± %.3f over %s",
              row.figure(),
              row.series(),
              row.metric(),
              row.mean(),
              row.stdev(),
              row.x()));
    }
    for (Claim claim : measuredClaims()) {
      Verdict verdict = claim.verdict(measured);
      lines.add("claim %d %s: %s".formatted(claim.number(), verdict.outcome(), verdict.numbers()));
    }
    if (!measuredClaims().isEmpty() && !others().isEmpty()) {
      lines.add(others());
    }
    return lines;
  }

  private List<Claim> measuredClaims() {
    return Claims.all().stream()
        .filter(claim -> claim.verdict(measured).outcome() != Verdict.Outcome.NOT_MEASURED)
        .toList();
  }

  /// One line on the claims that this run says nothing of; empty if there are none.
  private String others() {
    List<String> numbers =
        Claims.all().stream()
            .filter(claim -> claim.verdict(measured).outcome() == Verdict.Outcome.NOT_MEASURED)
            .map(claim -> String.valueOf(claim.number()))
            .toList();
    return numbers.isEmpty()
        ? ""
        : "not measured in this run: %s %s ('banyan figures' measures them)"
            .formatted(numbers.size() == 1 ? "claim" : "claims", String.join(", ", numbers));
  }

  private List<Row> exponents() {
    return result.tables().values().stream()
        .flatMap(List::stream)
        .filter(row -> row.metric().endsWith(Metric.GROWTH_EXPONENT))
        .toList();
  }

  /// Writes the page beside the figures.
  public void write() throws IOException {
    Page page = new Page("Banyan: the paper's figures and claims, measured");
    summary(page);
    if (!measuredClaims().isEmpty()) {
      claims(page);
    }
    for (Figure figure : options.figures()) {
      section(page, figure);
    }
    growth(page);
    parameters(page);
    Path part = options.folder().resolve("." + NAME);
    Files.writeString(part, page.html());
    Files.move(part, options.folder().resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
  }

  private void summary(Page page) {
    Map<Verdict.Outcome, Integer> counts = new EnumMap<>(Verdict.Outcome.class);
    for (Claim claim : Claims.all()) {
      counts.merge(claim.verdict(measured).outcome(), 1, Integer::sum);
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((outcome, count) -> parts.add(outcome + ": " + count));
    page.paragraph(
        "“Delegated, Sharded, Multicast Tree for Paranoid Stateful Lambdas” (Plutowski, Wang, Bharadwaj), measured again."
            + (measuredClaims().isEmpty()
                ? ""
                : " Of its " + Claims.all().size() + " claims: " + String.join(", ", parts) + "."));
    page.paragraph(
        "Series: “paper” is the authors' published simulator, restated and exact to the packet; “paper-rules” the node"
            + " that ships, by the paper's rules; “banyan” the node as it is; “banyan-no-reallocation” the same with"
            + " tasks sent to whoever has the fewest, which most pictures leave out (--series draws it). Error bars and"
            + " bands: one standard deviation over seeds.");
  }

  private void claims(Page page) {
    page.heading("claims", "Claims");
    page.paragraph(
        "Verdicts are computed from the tables of this run, by the criterion beside them. “Differs”: in part, or by"
            + " another measure than claimed.");
    page.cardsHead("no.", "claim", "section", "verdict", "measured", "it holds if", "shown by");
    for (Claim claim : measuredClaims()) {
      Verdict verdict = claim.verdict(measured);
      String command = repeated(claim.command());
      page.row(
          verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          String.valueOf(claim.number()),
          claim.text(),
          "§" + claim.section(),
          verdict.outcome().toString(),
          verdict.numbers(),
          claim.criterion(),
          claim.aside().isEmpty() ? command : command + "; see also: " + claim.aside());
    }
    page.tableEnd();
    if (!others().isEmpty()) {
      page.paragraph(sentence(others()));
    }
  }

  private String repeated(String command) {
    return "%s --seeds %d --seed %d%s"
        .formatted(command, options.seeds(), options.seed(), options.quick() ? " --quick" : "");
  }

  private void section(Page page, Figure figure) throws IOException {
    String name = figure.fileName();
    page.heading("figure-" + figure.name(), figure.label() + ": " + figure.title());
    page.paragraph(figure.explanation());
    for (Picture picture : result.pictures()) {
      if (picture.figure().equals(figure)) {
        byte[] png = Files.readAllBytes(options.folder().resolve(picture.name() + ".png"));
        Map<String, String> files = new LinkedHashMap<>();
        Pictures.ENDINGS.forEach(
            ending -> files.put(ending.toUpperCase(Locale.ROOT), picture.name() + "." + ending));
        String caption = sentence(picture.title()) + " " + sentence(picture.provenance());
        page.picture(png, picture.title(), caption, files);
      }
    }
    page.link(name + ".csv", "All numbers: " + name + ".csv");
    List<Row> rows = shown(figure);
    if (!rows.isEmpty() && rows.size() <= MOST_ROWS) {
      page.openDetails(figure.plot().metrics().isEmpty() ? "The numbers" : "The numbers drawn");
      page.tableHead("series", "x", "metric", "mean", "standard deviation", "trials");
      for (Row row : rows) {
        page.row(
            "",
            row.series(),
            row.x(),
            row.metric(),
            Page.number(row.mean()),
            Page.number(row.stdev()),
            String.valueOf(row.trials()));
      }
      page.tableEnd();
      page.closeDetails();
    }
  }

  /// With a capital and a full stop.
  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private List<Row> shown(Figure figure) {
    List<Row> rows = result.tables().getOrDefault(figure.name(), List.of());
    List<Plot> plots =
        Stream.concat(Stream.of(figure.plot()), figure.sequels().stream().map(Figure.Sequel::plot))
            .toList();
    return figure.plot().metrics().isEmpty()
        ? rows
        : rows.stream().filter(row -> plots.stream().anyMatch(plot -> plot.draws(row))).toList();
  }

  private void growth(Page page) {
    if (exponents().isEmpty()) {
      return;
    }
    page.heading("growth", "Growth");
    page.paragraph(
        "Exponent e of c·n^e, fitted by least squares of the logarithms, for each seed; mean and deviation over the"
            + " seeds.");
    page.tableHead(
        "figure", "series", "range", "metric", "exponent", "standard deviation", "seeds");
    for (Row row : exponents()) {
      page.row(
          "",
          row.figure(),
          row.series(),
          row.x(),
          row.metric(),
          Page.number(row.mean()),
          Page.number(row.stdev()),
          String.valueOf(row.trials()));
    }
    page.tableEnd();
  }

  private void parameters(Page page) {
    page.heading("parameters", "Parameters");
    page.tableHead("", "");
    parameters.forEach((name, value) -> page.row("", name, value));
    new TreeMap<>(result.trialNanos())
        .forEach((name, nanos) ->
            page.row(
                "",
                "running time of " + name,
                String.format(Locale.ROOT, "%.1f s, one trial after the other", nanos / 1e9)));
    page.tableEnd();
  }
}
