package dev.banyan.cli.charts;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.stream.Collectors;

/// An SVG document. Words stay words, so that they can be found and changed; they are anchored where they belong, whatever
/// font shows them.
final class Svg implements Surface {

  private final StringBuilder body = new StringBuilder();

  Svg(String title, int width, int height) {
    body.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(width)
        .append("pt\" height=\"")
        .append(height)
        .append("pt\" viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\" font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\">\n<title>")
        .append(escape(title))
        .append("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
  }

  @Override
  public void stroke(Shape shape, Color color, float width, float... dash) {
    body.append("<path d=\"")
        .append(path(shape))
        .append("\" fill=\"none\" stroke=\"")
        .append(hex(color))
        .append("\" stroke-width=\"")
        .append(number(width))
        .append("\" stroke-linejoin=\"round\"");
    if (dash.length > 0) {
      String lengths =
          java.util.stream.IntStream.range(0, dash.length)
              .mapToObj(i -> number(dash[i]))
              .collect(Collectors.joining(" "));
      body.append(" stroke-dasharray=\"").append(lengths).append('"');
    }
    body.append("/>\n");
  }

  @Override
  public void fill(Shape shape, Color color) {
    body.append("<path d=\"")
        .append(path(shape))
        .append("\" fill=\"")
        .append(hex(color))
        .append('"');
    if (color.getAlpha() < 255) {
      body.append(" fill-opacity=\"").append(number(color.getAlpha() / 255.0)).append('"');
    }
    body.append("/>\n");
  }

  @Override
  public void text(Text text) {
    String x = number(text.x());
    String y = number(text.y());
    body.append("<text x=\"").append(x).append("\" y=\"").append(y).append('"');
    switch (text.align()) {
      case LEFT -> {
        // As it is without a word.
      }
      case CENTER -> body.append(" text-anchor=\"middle\"");
      case RIGHT -> body.append(" text-anchor=\"end\"");
    }
    if (text.upright()) {
      body.append(" transform=\"rotate(-90 ").append(x).append(' ').append(y).append(")\"");
    }
    body.append(" font-size=\"")
        .append(number(text.size()))
        .append("\" fill=\"")
        .append(hex(Pen.INK))
        .append("\">")
        .append(escape(text.words()))
        .append("</text>\n");
  }

  String document() {
    return body + "</svg>\n";
  }

  private static String path(Shape shape) {
    StringBuilder path = new StringBuilder();
    double[] points = new double[6];
    for (PathIterator at = shape.getPathIterator(null); !at.isDone(); at.next()) {
      int kind = at.currentSegment(points);
      int count =
          switch (kind) {
            case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 2;
            case PathIterator.SEG_QUADTO -> 4;
            case PathIterator.SEG_CUBICTO -> 6;
            default -> 0;
          };
      path.append("MLQCZ".charAt(kind))
          .append(
              Arrays.stream(points, 0, count)
                  .mapToObj(Svg::number)
                  .collect(Collectors.joining(" ")));
    }
    return path.toString();
  }

  /// To a hundredth of a point.
  static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String hex(Color color) {
    return "#%06x".formatted(color.getRGB() & 0xffffff);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
