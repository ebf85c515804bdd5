package dev.banyan.trust.attestation;

/// Evidence that does not suffice. The message is one line that says why.
public final class AppraisalException extends Exception {
  private static final long serialVersionUID = 1;

  /// What is wrong, as far as anybody counts it.
  public enum Reason {
    /// There is none, and the policy demands some.
    MISSING("quotes_missing"),

    /// It is none, or not signed by the platform that it names.
    FORGED("quotes_forged"),

    /// It was made for another link: it is a repetition.
    REPLAYED("quotes_replayed"),

    /// It was made for other keys than those of who asks.
    MISBOUND("quotes_of_other_keys"),

    /// Of a platform that the policy does not allow.
    UNKNOWN_PLATFORM("quotes_of_unknown_platforms"),

    /// Of a program that the policy does not allow.
    UNKNOWN_MEASUREMENT("quotes_of_unknown_programs");

    private final String counter;

    Reason(String counter) {
      this.counter = counter;
    }

    /// What it is counted as.
    public String counter() {
      return counter;
    }
  }

  private final Reason reason;

  AppraisalException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
