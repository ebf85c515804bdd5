package dev.banyan.cli.console;

/// How much is logged, decided before the first logger is made (see `logback.xml`).
public final class Logging {

  private Logging() {}

  /// @param verbosity 0 for warnings, 1 for what happens to a node, 2 for everything
  public static void start(int verbosity) {
    if (verbosity > 0) {
      System.setProperty("BANYAN_LOG", verbosity == 1 ? "INFO" : "DEBUG");
    }
  }
}
