package dev.banyan.cli.charts;

import java.awt.Color;
import java.awt.Shape;

/// What a pen draws on, one for each kind of file. In points, y downwards.
interface Surface {

  /// @param dash lengths of line and gap in turn; none is a solid line
  void stroke(Shape shape, Color color, float width, float... dash);

  void fill(Shape shape, Color color);

  void text(Text text);

  /// Words on one line.
  ///
  /// @param x of the point that the alignment refers to
  /// @param y of the line that letters stand on
  /// @param upright from bottom to top, around that point
  record Text(String words, double x, double y, Align align, float size, boolean upright) {}

  /// Where words stand from their point.
  enum Align {
    LEFT(0),
    CENTER(0.5),
    RIGHT(1);

    final double share;

    Align(double share) {
      this.share = share;
    }
  }
}
