package dev.banyan.cli;

import java.io.Console;

/// What standard output is.
public final class Terminal {

  /// Cursor to the upper left, everything erased.
  public static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

  private Terminal() {}

  /// Whether it is a terminal that can redraw.
  public static boolean isLive() {
    Console console = System.console();
    String term = System.getenv("TERM");
    return console != null && console.isTerminal() && term != null && !term.equals("dumb");
  }
}
