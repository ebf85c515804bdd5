package dev.banyan.store.resync;

import dev.banyan.store.Version;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.HybridClock;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keys of which a write was refused as one from the future that may be right soon. Ideas of the tree's time differ by the
/// time that frames take, so a write at the very edge of what is tolerated is taken by some and refused by others. Nobody
/// would compare the two later. So who refuses it asks the others, once, when it would take the write itself.
///
/// Nobody can make a worker ask without end: what it has refused it asks for once, in a small digest to those who want the
/// key, and who has nothing newer keeps silent. Few keys are remembered.
final class Early {

  /// By how much clocks of one tree differ at most; what is further ahead is taken nowhere. A guess: more than a heartbeat
  /// waits in the queue of a link that moves at all.
  private static final long MOST_MILLIS = 60_000;

  /// Keys remembered; of more, those whose time is furthest off are forgotten: of an honest write it is near.
  static final int MOST = 1_024;

  private final HybridClock clock;
  private final StoreTurn turn;
  private final Later later;
  private final Alarm alarm;
  private final TreeMap<Long, Refused> byKey = new TreeMap<>();
  private final TreeSet<Refused> inOrder =
      new TreeSet<>(Comparator.comparingLong(Refused::dueNanos).thenComparingLong(Refused::keyTag));

  private record Refused(long keyTag, long[] tags, Version version, long dueNanos) {}

  /// Told when a version of a key would be taken that was refused.
  interface Later {
    void acceptable(long keyTag, long[] tags, Version version);
  }

  Early(HybridClock clock, StoreTurn turn, Later later) {
    this.clock = clock;
    this.turn = turn;
    this.later = later;
    this.alarm = new Alarm(StoreTimer.EARLY, turn);
  }

  /// @param tags the tags of the key's records, as far as they are known
  void refused(long keyTag, long[] tags, Version version) {
    long early = clock.earlyMillis(version.lamport());
    if (early > MOST_MILLIS) {
      return;
    }
    long due = turn.nowNanos() + early * 1_000_000;
    Version greatest = version;
    Refused before = byKey.get(keyTag);
    if (before != null) {
      // Later ones do not put off the first: or a liar would see to it that nobody ever asks.
      due = Math.min(due, before.dueNanos());
      greatest = version.compareTo(before.version()) > 0 ? version : before.version();
      forget(before);
    }
    Refused refused = new Refused(keyTag, tags, greatest, due);
    byKey.put(keyTag, refused);
    inOrder.add(refused);
    if (inOrder.size() > MOST) {
      forget(inOrder.last());
    }
    alarm.by(inOrder.first().dueNanos());
  }

  private void forget(Refused refused) {
    byKey.remove(refused.keyTag());
    inOrder.remove(refused);
  }

  void onTimer(long generation) {
    if (!alarm.fired(generation)) {
      return;
    }
    while (!inOrder.isEmpty() && inOrder.first().dueNanos() <= turn.nowNanos()) {
      Refused due = inOrder.first();
      forget(due);
      later.acceptable(due.keyTag(), due.tags(), due.version());
    }
    if (!inOrder.isEmpty()) {
      alarm.by(inOrder.first().dueNanos());
    }
  }
}
