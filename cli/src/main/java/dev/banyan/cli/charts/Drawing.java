package dev.banyan.cli.charts;

/// A picture, in points (1/72 inch).
public interface Drawing {

  /// The text width of a page with two columns: 7 inches.
  int WIDTH = 504;

  /// Above the picture where it stands alone; where it is printed its caption says it. May be empty.
  String title();

  int height();

  void draw(Pen pen);
}
