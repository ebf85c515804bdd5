package dev.banyan.lab.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PicturesTest {

  private static final double[] XS = {1, 10, 100};
  private static final double[] SPREAD = {0.5, 0.5, 0.5};

  @TempDir private Path folder = Path.of("");

  @Test
  void a_pdf_is_whole_and_needs_no_font() throws Exception {
    Pictures.save(chart(3), folder, "chart");
    try (PDDocument pdf = Loader.loadPDF(folder.resolve("chart.pdf").toFile())) {
      assertThat(pdf.getNumberOfPages()).isEqualTo(1);
      PDPage page = pdf.getPage(0);
      assertThat(page.getMediaBox().getWidth()).isEqualTo(Drawing.WIDTH);
      assertThat(page.getResources().getFontNames()).isEmpty();
      assertThat(Files.readString(folder.resolve("chart.pdf"), StandardCharsets.ISO_8859_1))
          .doesNotContain("/Type /Font", "/Type/Font");
      BufferedImage seen = new PDFRenderer(pdf).renderImage(0);
      assertThat(inked(seen)).isGreaterThan(2_000);
    }
  }

  @Test
  void the_same_drawing_gives_the_same_bytes() throws Exception {
    for (Drawing drawing : List.of(chart(3), bars(), graph())) {
      Pictures.save(drawing, folder, "one");
      Pictures.save(drawing, folder, "two");
      for (String ending : Pictures.ENDINGS) {
        assertThat(folder.resolve("one." + ending))
            .hasSameBinaryContentAs(folder.resolve("two." + ending));
      }
    }
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
      Pictures.save(chart(series), folder, "chart");
      Element svg = svg("chart");
      double height = Double.parseDouble(svg.getAttribute("height"));
      Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 9);
      FontRenderContext measure = new FontRenderContext(null, true, true);
      List<String> words = new ArrayList<>();
      for (Element text : texts(svg)) {
        words.add(text.getTextContent());
        if (text.getAttribute("transform").isEmpty()) {
          double x = Double.parseDouble(text.getAttribute("x"));
          double width = font.getStringBounds(text.getTextContent(), measure).getWidth();
          assertThat(x).as(text.getTextContent()).isGreaterThanOrEqualTo(0);
          assertThat(x + width).as(text.getTextContent()).isLessThanOrEqualTo(Drawing.WIDTH);
          assertThat(Double.parseDouble(text.getAttribute("y"))).isBetween(0.0, height);
        }
      }
      assertThat(words).contains("cats", "dogs", "1", "10", "100");
      for (int i = 0; i < series; i++) {
        assertThat(words).contains("a series with a rather long name, number " + i);
      }
    }
  }

  @Test
  void series_differ_by_more_than_colour() {
    List<String> markers = new ArrayList<>();
    for (int who = 0; who < 8; who++) {
      markers.add(corners(new Look(who, 0).marker()));
      assertThat(new Look(who, 0).filled()).isNotEqualTo(new Look(who, 1).filled());
      assertThat(new Look(who, 0).line()).isNotEqualTo(new Look(who, 1).line());
      assertThat(new Look(who, 0).shade()).isNotEqualTo(new Look(who, 1).shade());
    }
    assertThat(markers).doesNotHaveDuplicates();
    Rectangle2D bar = new Rectangle2D.Double(0, 0, 10, 40);
    Area plain = new Area(new Look(0, 0).hatched(bar));
    Area rising = new Area(new Look(1, 0).hatched(bar));
    Area falling = new Area(new Look(2, 0).hatched(bar));
    assertThat(plain.equals(new Area(bar))).isTrue();
    assertThat(rising.equals(plain)).isFalse();
    assertThat(rising.equals(falling)).isFalse();
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
    assertThat(texts(svg("both")))
        .extracting(Element::getTextContent)
        .contains("left", "right", "joins", "removals", "counted", "120");
    assertThat(Files.readString(folder.resolve("both.svg"))).contains("stroke-dasharray");
  }

  @Test
  void a_group_without_a_bar_of_the_first_series_keeps_its_place() throws Exception {
    Pictures.save(bars(), folder, "bars");
    assertThat(texts(svg("bars")))
        .extracting(Element::getTextContent)
        .containsSubsequence("first", "second", "third")
        .contains("one", "other");
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

  private static BarChart bars() {
    double[] none = new double[3];
    return new BarChart(
        "Bars",
        "group",
        "height",
        List.of("first", "second", "third"),
        List.of(
            new BarChart.Series("one", new Look(0, 0), new double[] {1, Double.NaN, 3}, none),
            new BarChart.Series("other", new Look(1, 0), new double[] {2, 2, 2}, SPREAD)));
  }

  private static Graph graph() {
    Look root = new Look(0, 0);
    Look leaf = new Look(1, 0);
    Map<String, Look> kinds = new LinkedHashMap<>();
    kinds.put("root", root);
    kinds.put("leaf", leaf);
    return new Graph(
        "Tree",
        List.of(
            new Graph.Node("root", root, 0.5, 0, Graph.Side.RIGHT),
            new Graph.Node("leaf 1", leaf, 0, 1, Graph.Side.BELOW),
            new Graph.Node("leaf 2", leaf, 1, 1, Graph.Side.BELOW)),
        List.of(new Graph.Link(0, 1), new Graph.Link(0, 2)),
        kinds);
  }

  private Element svg(String name) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory
        .newDocumentBuilder()
        .parse(folder.resolve(name + ".svg").toFile())
        .getDocumentElement();
  }

  private static List<Element> texts(Element svg) {
    NodeList nodes = svg.getElementsByTagName("text");
    List<Element> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add((Element) nodes.item(i));
    }
    return texts;
  }

  /// Of a marker as high as all others.
  private static String corners(Shape marker) {
    double size = 6 / marker.getBounds2D().getHeight();
    PathIterator path = marker.getPathIterator(AffineTransform.getScaleInstance(size, size));
    StringBuilder corners = new StringBuilder();
    for (; !path.isDone(); path.next()) {
      double[] points = new double[6];
      corners.append(path.currentSegment(points));
      for (double point : points) {
        corners.append(' ').append(Math.round(10 * point));
      }
    }
    return corners.toString();
  }

  private static long inked(BufferedImage image) {
    long count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xffffff) == 0xffffff ? 0 : 1;
      }
    }
    return count;
  }
}
