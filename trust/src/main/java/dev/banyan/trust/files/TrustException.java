package dev.banyan.trust.files;

/// A file that cannot be read, written or believed. The message is one line: which, why, what to do.
public final class TrustException extends Exception {
  private static final long serialVersionUID = 1;

  public TrustException(String message) {
    super(message);
  }

  public TrustException(String message, Throwable cause) {
    super(message, cause);
  }
}
