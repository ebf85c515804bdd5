package dev.banyan.cli.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PicturesTest {

  @TempDir private Path folder = Path.of("");

  private static final double[] XS = {1, 10, 100};
  private static final double[] SPREAD = {0.5, 0.5, 0.5};

  @Test
  void a_pdf_is_whole_and_needs_no_font() throws Exception {
    Pictures.save(chart(3), folder, "chart");
    byte[] bytes = Files.readAllBytes(folder.resolve("chart.pdf"));
    String pdf = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(pdf)
        .startsWith("%PDF-1.4\n")
        .endsWith("%%EOF\n")
        .contains("/MediaBox [0 0 504 ")
        .doesNotContain("/Font");
    Matcher start = Pattern.compile("startxref\n(\\d+)\n").matcher(pdf);
    assertThat(start.find()).isTrue();
    int table = Integer.parseInt(start.group(1));
    assertThat(pdf.substring(table)).startsWith("xref\n0 5\n");
    Matcher entry = Pattern.compile("(\\d{10}) 00000 n ").matcher(pdf.substring(table));
    for (int number = 1; number <= 4; number++) {
      assertThat(entry.find()).isTrue();
      assertThat(pdf.substring(Integer.parseInt(entry.group(1)))).startsWith(number + " 0 obj\n");
    }
    Matcher stream =
        Pattern.compile("/Length (\\d+) /Filter /FlateDecode >>\nstream\n").matcher(pdf);
    assertThat(stream.find()).isTrue();
    assertThat(pdf.substring(stream.end() + Integer.parseInt(stream.group(1))))
        .startsWith("\nendstream\nendobj\n");
  }

  @Test
  void the_title_is_for_the_screen_and_print_has_none() throws Exception {
    Pictures.save(chart(1), folder, "chart");
    assertThat(Files.readString(folder.resolve("chart.svg")))
        .contains("<title>Cats &amp; dogs</title>")
        .doesNotContain(">Cats &amp; dogs</text>");
    assertThat(ImageIO.read(folder.resolve("chart.png").toFile()).getWidth())
        .isEqualTo(2 * Drawing.WIDTH);
  }

  @Test
  void no_word_is_cut_off_however_many_series() throws Exception {
    for (int series : new int[] {1, 2, 5, 12}) {
      XyChart chart = chart(series);
      Pictures.save(chart, folder, "chart");
      NodeList texts =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(folder.resolve("chart.svg").toFile())
              .getElementsByTagName("text");
      for (int i = 0; i < texts.getLength(); i++) {
        Element text = (Element) texts.item(i);
        double size = Double.parseDouble(text.getAttribute("font-size"));
        double width = Pen.width(text.getTextContent(), (float) size);
        double x = Double.parseDouble(text.getAttribute("x"));
        if (text.getAttribute("transform").isEmpty()) {
          double left =
              switch (text.getAttribute("text-anchor")) {
                case "middle" -> x - width / 2;
                case "end" -> x - width;
                default -> x;
              };
          assertThat(left).as(text.getTextContent()).isGreaterThanOrEqualTo(0);
          assertThat(left + width).as(text.getTextContent()).isLessThanOrEqualTo(Drawing.WIDTH);
        }
        assertThat(Double.parseDouble(text.getAttribute("y"))).isBetween(0.0, 1.0 * chart.height());
      }
    }
  }

  @Test
  void series_differ_by_more_than_colour() {
    Set<Object> markers = new HashSet<>();
    for (int who = 0; who < 8; who++) {
      markers.add(new Look(who, 0).marker());
      assertThat(new Look(who, 0).filled()).isNotEqualTo(new Look(who, 1).filled());
      assertThat(new Look(who, 0).line().dash()).isNotEqualTo(new Look(who, 1).line().dash());
    }
    assertThat(markers).hasSize(8);
  }

  @Test
  void a_second_axis_and_phases_are_drawn_too() throws Exception {
    Curve line = new Curve("looked at", new Look(2, 0), XS, XS, SPREAD, Curve.Style.LINE);
    Curve steps = new Curve("counted", new Look(7, 0), XS, XS, new double[0], Curve.Style.STEPS);
    XyChart chart =
        new XyChart(
            "Both",
            Axis.upTo("time (s)", 100),
            Axis.upTo("left", 100),
            List.of(line),
            Optional.of(Axis.upTo("right", 120)),
            List.of(steps),
            List.of(new XyChart.Phase("joins", 0, 50), new XyChart.Phase("removals", 50, 100)));
    Pictures.save(chart, folder, "both");
    assertThat(Files.readString(folder.resolve("both.svg")))
        .contains(
            ">left</text>", ">right</text>", ">joins</text>", ">removals</text>", ">counted</text>")
        .contains("fill-opacity", "stroke-dasharray");
  }

  private static XyChart chart(int series) {
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < series; i++) {
      String name = "a series with a rather long name, number " + i;
      curves.add(new Curve(name, new Look(i, 0), XS, XS, SPREAD, Curve.Style.POINTS));
    }
    return new XyChart(
        "Cats & dogs",
        Axis.points("cats", List.of(1.0, 10.0, 100.0)),
        Axis.decades("dogs", List.of(0.5, 100.5)),
        curves);
  }
}
