package dev.banyan.cli.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;

/// A PNG.
final class Bitmap implements Surface {

  /// Pixels a point, so that it is sharp on dense screens.
  private static final int SCALE = 2;

  private final BufferedImage image;
  private final Graphics2D to;

  Bitmap(int width, int height) {
    image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
    to = image.createGraphics();
    to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    to.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    to.setColor(Color.WHITE);
    to.fillRect(0, 0, image.getWidth(), image.getHeight());
    to.scale(SCALE, SCALE);
  }

  /// What is drawn from now on stands so much lower.
  void down(int points) {
    to.translate(0, points);
  }

  @Override
  public void stroke(Shape shape, Color color, float width, float... dash) {
    to.setColor(color);
    to.setStroke(
        new BasicStroke(
            width,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            1,
            dash.length == 0 ? null : dash,
            0));
    to.draw(shape);
  }

  @Override
  public void fill(Shape shape, Color color) {
    to.setColor(color);
    to.fill(shape);
  }

  @Override
  public void text(Text text) {
    fill(Letters.outline(text), Pen.INK);
  }

  void writeTo(OutputStream out) throws IOException {
    ImageIO.write(image, "png", out);
  }
}
