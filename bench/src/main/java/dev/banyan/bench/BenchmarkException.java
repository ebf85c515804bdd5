package dev.banyan.bench;

import org.jspecify.annotations.Nullable;

/// A benchmark could not be carried out, or what it ran did not do its work. The message is one line for people.
public final class BenchmarkException extends RuntimeException {

  BenchmarkException(String message) {
    super(message);
  }

  BenchmarkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
