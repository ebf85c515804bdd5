package dev.banyan.lab.claims;

import dev.banyan.lab.claims.Verdict.Outcome;
import java.util.List;
import java.util.function.Function;

/// Something the paper says, and how it is put to the test.
///
/// @param number as in this project's list of claims
/// @param text what is claimed, in a few words
/// @param section where
/// @param criterion in words: what must be measured for it to hold
/// @param needs names of figures whose rows decide
/// @param aside another command that shows more; empty if there is none
public record Claim(
    int number,
    String text,
    String section,
    String criterion,
    List<String> needs,
    String aside,
    Function<Measurements, Verdict> judge) {

  public Claim {
    needs = List.copyOf(needs);
  }

  Claim(
      int number,
      String text,
      String section,
      String criterion,
      List<String> needs,
      Function<Measurements, Verdict> judge) {
    this(number, text, section, criterion, needs, "", judge);
  }

  /// The command that measures what it needs.
  public String command() {
    return "banyan figures " + String.join(" ", needs);
  }

  /// What these measurements say; that it was not measured, if some of what it needs is not among them.
  public Verdict verdict(Measurements measured) {
    if (!needs.stream().allMatch(measured::has)) {
      return new Verdict(Outcome.NOT_MEASURED, "needs " + command());
    }
    try {
      return judge.apply(measured);
    } catch (Measurements.Missing missing) {
      return new Verdict(Outcome.NOT_MEASURED, String.valueOf(missing.getMessage()));
    }
  }
}
