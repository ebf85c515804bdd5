package dev.banyan.cli.console;

import dev.banyan.node.StartException;
import dev.banyan.node.settings.SettingsException;
import dev.banyan.node.text.Reason;
import dev.banyan.trust.files.TrustException;
import java.util.Optional;
import java.util.function.Supplier;

/// A mistake of the user's, or of the user's machine: told in one line (what, why, what to do), without a stack trace.
public final class UserError extends RuntimeException {

  /// The command failed.
  public static final int FAILED = 1;

  /// The command line or the configuration is wrong.
  public static final int USAGE = 2;

  /// The key asked for is not there.
  public static final int ABSENT = 3;

  /// What a write expected to find is not there.
  public static final int CONFLICT = 4;

  /// A node has stopped, and something was left that nobody else may have.
  public static final int LEFT = 5;

  private final int exitCode;

  private UserError(int exitCode, String line) {
    super(line);
    this.exitCode = exitCode;
  }

  public static UserError failed(String line) {
    return new UserError(FAILED, line);
  }

  public static UserError usage(String line) {
    return new UserError(USAGE, line);
  }

  /// Complains about the usage, unless it holds.
  public static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw usage(otherwise);
    }
  }

  /// The value of an option.
  ///
  /// @throws UserError when it cannot be parsed, naming the option
  public static <T> T parsed(String option, Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw usage(option + ": " + e.getMessage());
    }
  }

  /// What a node says of the settings or the machine it was given, as the user's mistake.
  ///
  /// @return nothing, if the failure is of another kind
  public static Optional<UserError> from(Throwable failure) {
    return switch (failure) {
      case UserError mistake -> Optional.of(mistake);
      case SettingsException wrong -> Optional.of(usage(Reason.of(wrong)));
      case StartException refused -> Optional.of(failed(Reason.of(refused)));
      case TrustException wrong -> Optional.of(failed(Reason.of(wrong)));
      default -> Optional.empty();
    };
  }

  public static UserError conflict(String line) {
    return new UserError(CONFLICT, line);
  }

  public static UserError absent(String line) {
    return new UserError(ABSENT, line);
  }

  public String line() {
    return String.valueOf(getMessage());
  }

  public int exitCode() {
    return exitCode;
  }
}
