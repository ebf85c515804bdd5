package dev.banyan.protocol.link;

/// How often something may happen: so many times a second, and so many more at once after a quiet time. Counts on the
/// node's own time.
final class Tokens {

  private final double perNano;
  private final double most;
  private double left;
  private long atNanos;

  /// @param perSecond that come back each second
  /// @param most that gather while none is taken; as many there are at first
  Tokens(double perSecond, double most, long nowNanos) {
    this.perNano = perSecond / 1e9;
    this.most = most;
    this.left = most;
    this.atNanos = nowNanos;
  }

  /// @param times as many tokens gather and come back, for a peer that speaks for so many
  /// @return whether there were so many; else none is taken
  boolean take(double amount, int times, long nowNanos) {
    left = Math.min(most * times, left + (nowNanos - atNanos) * perNano * times);
    atNanos = nowNanos;
    if (left < amount) {
      return false;
    }
    left -= amount;
    return true;
  }
}
