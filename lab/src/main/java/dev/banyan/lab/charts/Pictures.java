package dev.banyan.lab.charts;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.block.GridArrangement;
import org.jfree.chart.block.LengthConstraintType;
import org.jfree.chart.block.RectangleConstraint;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.title.Title;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// Puts drawings into files: PNG with the title, for screens; SVG and PDF without it, for print, where a caption says it.
/// The same drawing gives the same bytes.
public final class Pictures {

  /// Endings of the files.
  public static final List<String> ENDINGS = List.of("png", "svg", "pdf");

  private static final String SVG = "http://www.w3.org/2000/svg";

  /// Pixels a point, so that a PNG is sharp on dense screens.
  private static final int SCALE = 2;

  /// Free beside the legend.
  private static final double SIDE = 4;

  /// What a name in the legend takes beside its letters: its sample, and what is free around it.
  private static final double SAMPLE = 38;

  private static final RectangleInsets AROUND_NAME = new RectangleInsets(2, 2, 2, 8);

  private static final double MOST_HEIGHT = 10_000;

  static {
    System.setProperty("java.awt.headless", "true");
    // Upright words stay words in the SVG.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
  }

  /// A chart and the room it takes.
  private record Sheet(JFreeChart chart, int height) {

    Rectangle2D area() {
      return new Rectangle2D.Double(0, 0, Drawing.WIDTH, height);
    }
  }

  private Pictures() {}

  /// Writes `NAME.png`, `NAME.svg` and `NAME.pdf`.
  public static void save(Drawing drawing, Path folder, String name) throws IOException {
    writePng(sheet(drawing, true), folder.resolve(name + ".png"));
    writeSvg(sheet(drawing, false), drawing.title(), folder.resolve(name + ".svg"));
    writePdf(sheet(drawing, false), drawing.title(), folder.resolve(name + ".pdf"));
  }

  private static Sheet sheet(Drawing drawing, boolean titled) {
    JFreeChart chart = new JFreeChart("", Ink.TITLE, drawing.plot(), false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setTitle((TextTitle) null);
    double height = drawing.plotHeight();
    if (titled && !drawing.title().isEmpty()) {
      TextTitle title = new TextTitle(drawing.title(), Ink.TITLE);
      title.setPaint(Ink.DARK);
      title.setPadding(new RectangleInsets(4, 8, 4, 8));
      chart.setTitle(title);
      height += height(title);
    }
    LegendTitle legend = legend(chart);
    chart.addSubtitle(legend);
    return new Sheet(chart, (int) Math.ceil(height + height(legend)));
  }

  /// Names in columns, as many as fit.
  private static LegendTitle legend(JFreeChart chart) {
    LegendItemCollection names = chart.getPlot().getLegendItems();
    double widest = 0;
    for (int i = 0; i < names.getItemCount(); i++) {
      widest = Math.max(widest, Ink.width(names.get(i).getLabel()));
    }
    int all = Math.max(1, names.getItemCount());
    int fitting = Math.max(1, (int) ((Drawing.WIDTH - 2 * SIDE) / (SAMPLE + widest)));
    int rows = Math.ceilDiv(all, fitting);
    GridArrangement grid = new GridArrangement(rows, Math.ceilDiv(all, rows));
    LegendTitle legend = new LegendTitle(chart.getPlot(), grid, grid);
    legend.setPosition(RectangleEdge.BOTTOM);
    legend.setItemFont(Ink.LETTERS);
    legend.setItemPaint(Ink.DARK);
    legend.setItemLabelPadding(AROUND_NAME);
    legend.setPadding(new RectangleInsets(2, SIDE, 4, SIDE));
    return legend;
  }

  private static double height(Title title) {
    Graphics2D measure = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      RectangleConstraint room =
          new RectangleConstraint(
              Drawing.WIDTH,
              new Range(0, Drawing.WIDTH),
              LengthConstraintType.RANGE,
              0,
              new Range(0, MOST_HEIGHT),
              LengthConstraintType.RANGE);
      return title.arrange(measure, room).getHeight();
    } finally {
      measure.dispose();
    }
  }

  private static void writePng(Sheet sheet, Path file) throws IOException {
    BufferedImage image =
        new BufferedImage(SCALE * Drawing.WIDTH, SCALE * sheet.height, BufferedImage.TYPE_INT_RGB);
    Graphics2D to = image.createGraphics();
    try {
      to.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      to.scale(SCALE, SCALE);
      sheet.chart.draw(to, sheet.area());
    } finally {
      to.dispose();
    }
    ImageIO.write(image, "png", file.toFile());
  }

  private static void writeSvg(Sheet sheet, String title, Path file) throws IOException {
    Document document = emptySvg();
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment("");
    SVGGraphics2D to = new SVGGraphics2D(context, false);
    to.setSVGCanvasSize(new Dimension(Drawing.WIDTH, sheet.height));
    sheet.chart.draw(to, sheet.area());
    Element root = to.getRoot();
    root.setAttributeNS(null, "viewBox", "0 0 " + Drawing.WIDTH + " " + sheet.height);
    Element name = document.createElementNS(SVG, "title");
    name.setTextContent(title);
    root.insertBefore(name, root.getFirstChild());
    try (Writer out = Files.newBufferedWriter(file)) {
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(root), new StreamResult(out));
    } catch (TransformerException e) {
      throw new IOException(e);
    }
  }

  private static Document emptySvg() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Letters become outlines, so that no font can be missing.
  private static void writePdf(Sheet sheet, String title, Path file) throws IOException {
    try (PDDocument document = new PDDocument()) {
      document.setDocumentId(1L);
      document.getDocumentInformation().setTitle(title);
      PDPage page = new PDPage(new PDRectangle(Drawing.WIDTH, sheet.height));
      document.addPage(page);
      PdfBoxGraphics2D to = new PdfBoxGraphics2D(document, Drawing.WIDTH, sheet.height);
      try {
        sheet.chart.draw(to, sheet.area());
      } finally {
        to.dispose();
      }
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.drawForm(to.getXFormObject());
      }
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        document.save(out);
      }
    }
  }
}
