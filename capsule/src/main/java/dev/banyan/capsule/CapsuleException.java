package dev.banyan.capsule;

/// Bytes that are no capsule, or not one that this side may believe. The message is one line that says why.
public final class CapsuleException extends Exception {
  private static final long serialVersionUID = 1;

  /// What is wrong, as far as anybody counts it.
  public enum Fault {
    /// Nobody who keeps to the format writes this.
    MALFORMED,

    /// Of another group.
    FOREIGN,

    /// Changed, or not signed or sealed by whom it says.
    FORGED,

    /// Outside the time in which its writer's certificate counts.
    UNTIMELY,

    /// Its writer has a certificate, but not for this.
    FORBIDDEN,

    /// The certificate was revoked.
    REVOKED,

    /// Of an epoch whose secret is not at hand.
    UNREADABLE
  }

  private final Fault fault;

  public CapsuleException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  static CapsuleException malformed(String message) {
    return new CapsuleException(Fault.MALFORMED, message);
  }

  public Fault fault() {
    return fault;
  }
}
