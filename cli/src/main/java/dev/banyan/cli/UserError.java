package dev.banyan.cli;

import dev.banyan.protocol.Address;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;

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

  /// @param what would be done there, such as `open the door`
  /// @param flag by which another address is chosen
  public static UserError cannotBind(String what, Address at, String flag, IOException e) {
    String why = String.valueOf(e.getMessage());
    return failed(
        "cannot "
            + what
            + " on "
            + at
            + ": "
            + (why.contains("in use") ? "another process has that port" : why)
            + "; choose another with "
            + flag
            + " HOST:PORT");
  }

  public static UserError usage(String line) {
    return new UserError(USAGE, line);
  }

  /// Complains about the usage, unless it holds.
  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw usage(otherwise);
    }
  }

  /// What the exception says, in one line.
  public static String lineOf(Throwable failure) {
    Throwable cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnknownHostException) {
      return "unknown host " + cause.getMessage();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
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
