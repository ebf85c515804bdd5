package dev.banyan.capsule;

/// Bytes that are no capsule, or not one that this side may believe. The message is one line that says why.
public final class MalformedCapsuleException extends Exception {
  private static final long serialVersionUID = 1;

  public MalformedCapsuleException(String message) {
    super(message);
  }
}
