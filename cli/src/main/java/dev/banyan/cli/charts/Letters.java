package dev.banyan.cli.charts;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;

/// The letters of a chart: how wide words are, and their outlines.
final class Letters {

  /// Measures words the same way for every kind of file.
  private static final FontRenderContext MEASURE = new FontRenderContext(null, true, true);

  private Letters() {}

  private static Font font(float size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(size);
  }

  static double width(String words, float size) {
    return font(size).getStringBounds(words, MEASURE).getWidth();
  }

  /// The area that the letters cover, where they stand.
  static Shape outline(Surface.Text text) {
    AffineTransform place = AffineTransform.getTranslateInstance(text.x(), text.y());
    if (text.upright()) {
      place.rotate(-Math.PI / 2);
    }
    place.translate(-text.align().share * width(text.words(), text.size()), 0);
    return place.createTransformedShape(
        font(text.size()).createGlyphVector(MEASURE, text.words()).getOutline());
  }
}
