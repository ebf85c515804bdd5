package dev.banyan.lab.figures;

import java.util.List;

/// A figure or table of the paper, and how it is measured.
public interface Figure {

  /// As on the command line and in the column `figure`: `4`, `table1`.
  String name();

  /// Whether its name is the number it has in the paper.
  default boolean numbered() {
    return Character.isDigit(name().charAt(0));
  }

  /// As people call it: `Figure 4`, `table1`.
  default String label() {
    return numbered() ? "Figure " + name() : name();
  }

  /// The name of its files, without their ending: `figure4`, `table1`.
  default String fileName() {
    return numbered() ? "figure" + name() : name();
  }

  /// One line for people.
  String title();

  /// What a reader of its pictures must know: what was done, what is drawn, what is to be seen in it.
  String explanation();

  /// Everything that is to be measured, in the order of the rows. Each is repeated with every seed, unless it draws
  /// nothing ([Trial#seeded]).
  ///
  /// @param quick leave out what only confirms
  List<Trial> trials(boolean quick);

  /// Whose trials these are: figures of one name here draw on the same trials, and each is measured once.
  default String measuredFor() {
    return name();
  }

  /// Whether what a trial has measured is a row here; figures that share trials differ in this.
  default boolean keeps(Trial.Value value) {
    return true;
  }

  /// How its rows become a picture.
  Plot plot();

  /// Further pictures of other rows.
  default List<Sequel> sequels() {
    return List.of();
  }

  /// A further picture.
  ///
  /// @param suffix ends the names of its files
  record Sequel(String suffix, String title, Plot plot) {}
}
