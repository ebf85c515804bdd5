package dev.banyan.store.interest;

/// How a key that is wanted for itself is used here: how much, when last, and until when it is kept in any case. Who
/// decides what follows from that is [Fading].
///
/// Legal states: *unused* at first and once it was [let go][#letGo]; *used* after the first [#add]. *Noted* is one whose
/// time to fade [Fading] has in its list, once at most.
public final class Use {

  private static final double LN_2 = StrictMath.log(2);

  private boolean used;
  private double weight;
  private long lastNanos;
  private long keptUntilNanos = Long.MIN_VALUE;
  private boolean noted;

  /// Whether its key was read or written here, not so long ago.
  public boolean isUsed() {
    return used;
  }

  /// When it was last used; 0 for never.
  public long lastNanos() {
    return lastNanos;
  }

  /// One use more: it adds 1 to what is left of the others' weight by now.
  ///
  /// @param most the weight never exceeds this
  public void add(long nowNanos, long halfLifeNanos, double most) {
    used = true;
    long elapsed = nowNanos - lastNanos;
    double left = elapsed == 0 ? weight : weight * StrictMath.exp(-LN_2 * elapsed / halfLifeNanos);
    weight = Math.min(most, left + 1);
    lastNanos = nowNanos;
  }

  /// Whether any use counts still.
  public boolean hasWeight() {
    return used && weight > 0;
  }

  /// When the weight falls below that.
  public long fallsBelowNanos(double least, long halfLifeNanos) {
    double halfLives = StrictMath.log(weight / least) / LN_2;
    return lastNanos + (long) StrictMath.ceil(halfLives * halfLifeNanos);
  }

  /// It does not fade before this time.
  public long keptUntilNanos() {
    return keptUntilNanos;
  }

  public void keepUntil(long nanos) {
    keptUntilNanos = nanos;
  }

  /// What was used counts as used no more.
  public void letGo() {
    used = false;
    weight = 0;
  }

  public boolean isNoted() {
    return noted;
  }

  public void note() {
    noted = true;
  }

  public void unnote() {
    noted = false;
  }
}
