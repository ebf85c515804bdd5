package dev.banyan.node.text;

import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;

/// Why something failed, for people.
public final class Reason {

  private Reason() {}

  /// What the exception says, in one line; of one that only wraps another, what that says.
  public static String of(Throwable failure) {
    Throwable cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnknownHostException) {
      return "unknown host " + cause.getMessage();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
