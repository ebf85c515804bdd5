package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.util.Map;
import java.util.TreeMap;

/// The newest secret that a member holds, and with it all older ones. Some of those that were computed are kept, so that batches of
/// many old epochs, in whatever order a hostile member sends them, cost few hashes each.
public final class GroupSecrets {

  /// Anything older is refused before as many hashes are computed: at an epoch a minute, two years.
  static final int MAX_EPOCHS_BACK = 1 << 20;

  /// Every so many epochs one is kept: a batch costs at most as many hashes, and all that are kept take some 64 kB.
  private static final int KEPT_EVERY = 1_024;

  private final Crypto crypto;
  private final TreeMap<Integer, GroupSecret> kept = new TreeMap<>();
  private GroupSecret newest;

  public GroupSecrets(Crypto crypto, GroupSecret newest) {
    this.crypto = crypto;
    this.newest = newest;
  }

  public GroupSecret newest() {
    return newest;
  }

  /// Takes a newer secret. One that is as old as ours or older changes nothing, if it is of the same regression.
  ///
  /// @throws CapsuleException when it is not of the same regression as ours; nothing is changed then
  public void learn(GroupSecret other) throws CapsuleException {
    GroupSecret later = other.epoch() > newest.epoch() ? other : newest;
    GroupSecret earlier = later == other ? newest : other;
    requireNear(earlier.epoch(), later.epoch());
    if (!later.at(crypto, earlier.epoch()).sameAs(earlier)) {
      throw new CapsuleException(
          Fault.FORGED,
          "the secret of epoch " + later.epoch() + " does not open epoch " + earlier.epoch());
    }
    newest = later;
  }

  /// @throws CapsuleException when nobody with our newest secret can read that epoch
  public GroupSecret of(int epoch) throws CapsuleException {
    if (epoch > newest.epoch()) {
      throw new CapsuleException(
          Fault.UNREADABLE,
          "of epoch " + epoch + ", while the newest secret here is of epoch " + newest.epoch());
    }
    requireNear(epoch, newest.epoch());
    Map.Entry<Integer, GroupSecret> next = kept.ceilingEntry(epoch);
    GroupSecret at = next == null ? newest : next.getValue();
    for (int mark = markBelow(at.epoch()); mark >= epoch; mark -= KEPT_EVERY) {
      at = at.at(crypto, mark);
      kept.put(mark, at);
    }
    return at.at(crypto, epoch);
  }

  /// The next epoch below of which the secret is kept; may be below zero.
  private static int markBelow(int epoch) {
    return Math.floorDiv(epoch - 1, KEPT_EVERY) * KEPT_EVERY;
  }

  private static void requireNear(int earlier, int later) throws CapsuleException {
    if (later - earlier > MAX_EPOCHS_BACK) {
      throw new CapsuleException(
          Fault.UNREADABLE, "epoch " + earlier + " is too long before epoch " + later);
    }
  }
}
