package dev.banyan.cli.console;

import java.io.Console;
import java.io.PrintWriter;

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

  /// What to say where [#outputFails].
  public static final String OUTPUT_FAILS =
      "standard output cannot be written: the disk is full, or whoever read it has gone";

  /// Whether something that was printed to standard output got lost.
  public static boolean outputFails() {
    return System.out.checkError();
  }

  /// For commands that print without end.
  ///
  /// @throws UserError when nobody can read it any more
  public static void flush(PrintWriter out) {
    out.flush();
    if (outputFails()) {
      throw UserError.failed(OUTPUT_FAILS);
    }
  }
}
