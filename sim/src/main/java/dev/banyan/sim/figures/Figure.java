package dev.banyan.sim.figures;

import java.util.List;

/// A figure or table of the paper, and how it is measured.
public interface Figure {

  /// As on the command line and in the column `figure`: `4`, `table1`.
  String name();

  /// One line for people.
  String title();

  /// Everything that is to be measured, in the order of the rows. Each is repeated with every seed, unless it draws
  /// nothing ([Trial#seeded]).
  ///
  /// @param quick leave out what only confirms
  List<Trial> trials(boolean quick);

  /// How its rows become a picture.
  Plot plot();
}
