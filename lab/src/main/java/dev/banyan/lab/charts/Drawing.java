package dev.banyan.lab.charts;

import org.jfree.chart.plot.Plot;

/// What is drawn, without its file: 7 inches wide, the text width of a page with two columns.
public sealed interface Drawing permits BarChart, Graph, XyChart {

  /// Width of every picture, in points (1/72 inch).
  int WIDTH = 504;

  /// Of a plot with its axes, in points.
  int USUAL_HEIGHT = 284;

  /// Above the picture where it stands alone; where it is printed its caption says it. May be empty.
  String title();

  /// In points, without title and legend.
  int plotHeight();

  /// As the library draws it.
  Plot plot();
}
