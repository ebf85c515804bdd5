package dev.banyan.cli.console;

import dev.banyan.host.log.LogSetup;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How much is logged, decided before the first logger is made ([LogSetup]).
public final class Logging {

  private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG");

  private Logging() {}

  /// @param verbosity 0 for what `BANYAN_LOG` says or else warnings, 1 for what happens to a node, 2 for everything
  /// @throws UserError if `BANYAN_LOG` names no level
  public static void start(int verbosity) {
    LogSetup.level(level(verbosity, System.getenv()));
  }

  /// What [#start] decides.
  public static String level(int verbosity) {
    return level(verbosity, System.getenv());
  }

  static String level(int verbosity, Map<String, String> environment) {
    String asked = environment.getOrDefault("BANYAN_LOG", "WARN").toUpperCase(Locale.ROOT);
    UserError.require(
        LEVELS.contains(asked),
        "BANYAN_LOG=" + environment.get("BANYAN_LOG") + ": ERROR, WARN, INFO or DEBUG");
    return switch (verbosity) {
      case 0 -> asked;
      case 1 -> "INFO";
      default -> "DEBUG";
    };
  }
}
