package dev.banyan.cli.charts;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/// A PDF of one page. Words are areas: journals want every font inside the file, and there is none outside.
final class Pdf implements Surface {

  private final int width;
  private final int height;
  private final StringBuilder content = new StringBuilder();

  /// Levels of transparency, each a named state of the page.
  private final List<Integer> alphas = new ArrayList<>();

  Pdf(int width, int height) {
    this.width = width;
    this.height = height;
    content.append("1 0 0 -1 0 ").append(height).append(" cm 0 J 1 j\n"); // y downwards
  }

  @Override
  public void stroke(Shape shape, Color color, float lineWidth, float... dash) {
    transparent(color);
    color(color, "RG");
    content.append(Svg.number(lineWidth)).append(" w [");
    for (float length : dash) {
      content.append(Svg.number(length)).append(' ');
    }
    content.append("] 0 d\n");
    path(shape);
    content.append("S\n");
  }

  @Override
  public void fill(Shape shape, Color color) {
    transparent(color);
    color(color, "rg");
    path(shape);
    content.append(
        shape.getPathIterator(null).getWindingRule() == PathIterator.WIND_EVEN_ODD
            ? "f*\n"
            : "f\n");
  }

  @Override
  public void text(Text text) {
    fill(Letters.outline(text), Pen.INK);
  }

  private void transparent(Color color) {
    int index = alphas.indexOf(color.getAlpha());
    if (index < 0) {
      index = alphas.size();
      alphas.add(color.getAlpha());
    }
    content.append("/A").append(index).append(" gs ");
  }

  private void color(Color color, String operator) {
    for (int part : new int[] {color.getRed(), color.getGreen(), color.getBlue()}) {
      content.append(Svg.number(part / 255.0)).append(' ');
    }
    content.append(operator).append('\n');
  }

  private void path(Shape shape) {
    double[] p = new double[6];
    double x = 0;
    double y = 0;
    for (PathIterator at = shape.getPathIterator(null); !at.isDone(); at.next()) {
      switch (at.currentSegment(p)) {
        case PathIterator.SEG_MOVETO -> points("m", p[0], p[1]);
        case PathIterator.SEG_LINETO -> points("l", p[0], p[1]);
        case PathIterator.SEG_QUADTO -> // There are only cubic curves.
            points(
                "c",
                x + (p[0] - x) * 2 / 3,
                y + (p[1] - y) * 2 / 3,
                p[2] + (p[0] - p[2]) * 2 / 3,
                p[3] + (p[1] - p[3]) * 2 / 3,
                p[2],
                p[3]);
        case PathIterator.SEG_CUBICTO -> points("c", p);
        default -> content.append("h\n");
      }
      switch (at.currentSegment(p)) {
        case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> {
          x = p[0];
          y = p[1];
        }
        case PathIterator.SEG_QUADTO -> {
          x = p[2];
          y = p[3];
        }
        case PathIterator.SEG_CUBICTO -> {
          x = p[4];
          y = p[5];
        }
        default -> {
          // Closed: a new part begins with a move.
        }
      }
    }
  }

  private void points(String operator, double... numbers) {
    for (double number : numbers) {
      content.append(Svg.number(number)).append(' ');
    }
    content.append(operator).append('\n');
  }

  void writeTo(OutputStream out) throws IOException {
    List<byte[]> objects = new ArrayList<>();
    objects.add(ascii("<< /Type /Catalog /Pages 2 0 R >>"));
    objects.add(ascii("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"));
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < alphas.size(); i++) {
      String alpha = Svg.number(alphas.get(i) / 255.0);
      states.append("/A%d << /ca %s /CA %s >> ".formatted(i, alpha, alpha));
    }
    objects.add(
        ascii(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /ExtGState << %s>> >> >>"
                .formatted(width, height, states)));
    byte[] packed = packed(ascii(content.toString()));
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.write(ascii("<< /Length %d /Filter /FlateDecode >>\nstream\n".formatted(packed.length)));
    stream.write(packed);
    stream.write(ascii("\nendstream"));
    objects.add(stream.toByteArray());
    out.write(file(objects));
  }

  /// The objects one after the other, then where each begins.
  private static byte[] file(List<byte[]> objects) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(ascii("%PDF-1.4\n"));
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < objects.size(); i++) {
      table.append("%010d 00000 n \n".formatted(file.size()));
      file.write(ascii((i + 1) + " 0 obj\n"));
      file.write(objects.get(i));
      file.write(ascii("\nendobj\n"));
    }
    int size = objects.size() + 1;
    int start = file.size();
    file.write(ascii("xref\n0 %d\n0000000000 65535 f \n%s".formatted(size, table)));
    file.write(
        ascii(
            "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                .formatted(size, start)));
    return file.toByteArray();
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
