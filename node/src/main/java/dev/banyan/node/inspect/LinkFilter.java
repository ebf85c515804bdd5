package dev.banyan.node.inspect;

import dev.banyan.protocol.Message;
import java.util.Locale;
import java.util.OptionalDouble;

/// What was chosen to say which tags a link wants, and how far that is to be believed.
public record LinkFilter(Message.LinkInterest interest) {

  /// Half of all tags are inboxes: the first bit tells no two keys apart.
  private static final int INBOX_BITS = 1;

  public boolean isExact() {
    return interest.bits() == Long.SIZE;
  }

  /// `exact`, `28 bits`, or either and `everything`.
  public String text() {
    String set = isExact() ? "exact" : interest.bits() + " bits";
    return interest.all() ? "everything, " + set : set;
  }

  /// How often a key that nobody below wants should pass for wanted: what the set covers of all that can be told apart.
  public double falsePositiveRate() {
    return interest.all()
        ? 0
        : Math.min(1, Math.scalb((double) interest.tags(), INBOX_BITS - interest.bits()));
  }

  /// The share of what was sent that was of no use; empty when nothing was sent.
  public static OptionalDouble measured(long unwanted, long sent) {
    return sent == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.min(1, (double) unwanted / sent));
  }

  /// A rate in percent, to two digits.
  public static String percent(double rate) {
    double percent = rate * 100;
    if (percent == 0 || percent >= 10) {
      return String.format(Locale.ROOT, "%.0f%%", percent);
    }
    return String.format(Locale.ROOT, percent < 1e-4 ? "%.1e%%" : "%.2g%%", percent);
  }
}
