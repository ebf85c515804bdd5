package dev.banyan.cli.charts;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Puts drawings into files: PNG with the title, for screens; SVG and PDF without it, for print, where a caption says it.
public final class Pictures {

  /// Endings of the files.
  public static final List<String> ENDINGS = List.of("png", "svg", "pdf");

  private static final int TITLE = 22;
  private static final float TITLE_SIZE = 11;

  /// Left free beside a title: a long one is written smaller.
  private static final double SIDES = 16;

  private Pictures() {}

  /// Writes `NAME.png`, `NAME.svg` and `NAME.pdf`.
  public static void save(Drawing drawing, Path folder, String name) throws IOException {
    System.setProperty("java.awt.headless", "true");
    int height = drawing.height();
    Bitmap bitmap = new Bitmap(Drawing.WIDTH, TITLE + height);
    Pen pen = new Pen(bitmap);
    double room = (Drawing.WIDTH - SIDES) / Pen.width(drawing.title(), TITLE_SIZE);
    float size = TITLE_SIZE * (float) Math.min(1, room);
    pen.text(drawing.title(), Drawing.WIDTH / 2.0, 14, Surface.Align.CENTER, size);
    bitmap.down(TITLE);
    drawing.draw(pen);
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".png"))) {
      bitmap.writeTo(out);
    }
    Svg svg = new Svg(drawing.title(), Drawing.WIDTH, height);
    drawing.draw(new Pen(svg));
    Files.writeString(folder.resolve(name + ".svg"), svg.document());
    Pdf pdf = new Pdf(Drawing.WIDTH, height);
    drawing.draw(new Pen(pdf));
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".pdf"))) {
      pdf.writeTo(out);
    }
  }
}
