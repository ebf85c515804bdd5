package dev.banyan.lab.claims;

/// What measured numbers say of a claim.
///
/// @param numbers in words, with the numbers that decided
public record Verdict(Outcome outcome, String numbers) {

  /// How a claim fared.
  public enum Outcome {
    HOLDS("holds"),
    /// In part, or by another measure than claimed.
    DIFFERS("differs"),
    DOES_NOT_HOLD("does not hold"),
    NOT_MEASURED("not measured in this run");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  static Verdict of(Outcome outcome, String format, Object... numbers) {
    return new Verdict(outcome, Measurements.format(format, numbers));
  }

  /// @param holds else it does not
  static Verdict of(boolean holds, String format, Object... numbers) {
    return of(holds ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD, format, numbers);
  }

  /// @param whole all of the claim
  /// @param part of it at least
  static Verdict of(boolean whole, boolean part, String format, Object... numbers) {
    Outcome outcome = whole ? Outcome.HOLDS : part ? Outcome.DIFFERS : Outcome.DOES_NOT_HOLD;
    return of(outcome, format, numbers);
  }
}
