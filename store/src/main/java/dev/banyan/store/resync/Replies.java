package dev.banyan.store.resync;

import dev.banyan.store.Version;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.Mix;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Replies to digests that wait for their random time, each of which is dropped when somebody else replies the same
/// first. Bounded.
final class Replies {

  /// More than these are dropped; what they would have repaired, the questions after a resync do.
  private static final int MAX = 1 << 16;

  /// As many may hold the same reply; a guess. See [#delay].
  private static final double GROUP = 1_000;

  private static final double LAMBDA = StrictMath.log(GROUP) + 1;

  private final RandomGenerator random;
  private final Spreads spreads;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;
  private final PriorityQueue<Reply> queue =
      new PriorityQueue<>(
          Comparator.<Reply>comparingLong(r -> r.dueNanos).thenComparingLong(r -> r.order));
  private final LongMap<Reply> asks;
  private final LongMap<Reply> republishes;
  private final LongMap<Reply> details;
  private long order;

  /// What to say.
  sealed interface What {}

  /// "I hold an older write than somebody", or none.
  record Ask(long keyTag, long[] tags, Version wanted) implements What {}

  /// The newest write of a key, again.
  record Republish(long keyTag) implements What {}

  /// What is held in one bucket of a prefix.
  record Detail(Interest interest, int bits, int bucket) implements What {
    long id() {
      return Mix.of(interest.tag, bits, bucket);
    }
  }

  private static final class Reply {
    final What what;
    final long dueNanos;
    final long order;
    boolean cancelled;

    Reply(What what, long dueNanos, long order) {
      this.what = what;
      this.dueNanos = dueNanos;
      this.order = order;
    }
  }

  Replies(RandomGenerator random, Spreads spreads, Counters counters, StoreTurn turn) {
    long tableSeed = random.nextLong(); // Tags are chosen by others.
    asks = new LongMap<>(tableSeed);
    republishes = new LongMap<>(tableSeed);
    details = new LongMap<>(tableSeed);
    this.random = random;
    this.spreads = spreads;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.REPLY, turn);
  }

  boolean isEmpty() {
    return asks.isEmpty() && republishes.isEmpty() && details.isEmpty();
  }

  void schedule(What what) {
    schedule(what, delay());
  }

  /// Puts one back that had no room in this round.
  void postpone(What what, long delayNanos) {
    schedule(what, delayNanos);
  }

  private void schedule(What what, long delayNanos) {
    LongMap<Reply> map = mapOf(what);
    Reply waiting = map.get(idOf(what));
    if (waiting != null) {
      if (!(what instanceof Ask ask
          && waiting.what instanceof Ask other
          && ask.wanted().compareTo(other.wanted()) > 0)) {
        return;
      }
      cancel(map, idOf(what));
    }
    if (queue.size() >= MAX) {
      counters.count(Counters.Count.REPLIES_DROPPED);
      return;
    }
    Reply reply = new Reply(what, turn.nowNanos() + delayNanos, order++);
    map.put(idOf(what), reply);
    queue.add(reply);
    alarm.by(reply.dueNanos);
  }

  /// Somebody asked for the key in our stead.
  boolean cancelAsk(long keyTag) {
    return cancel(asks, keyTag);
  }

  boolean cancelRepublish(long keyTag) {
    return cancel(republishes, keyTag);
  }

  boolean cancelDetail(Detail detail) {
    return cancel(details, detail.id());
  }

  /// The write an ask waits for, if there is one.
  @Nullable Version wanted(long keyTag) {
    Reply reply = asks.get(keyTag);
    return reply != null && reply.what instanceof Ask ask ? ask.wanted() : null;
  }

  /// Takes what is due.
  List<What> take(long generation) {
    List<What> due = new ArrayList<>();
    if (!alarm.fired(generation)) {
      return due;
    }
    Reply next = queue.peek();
    while (next != null && (next.cancelled || next.dueNanos <= turn.nowNanos())) {
      queue.remove();
      if (!next.cancelled) {
        mapOf(next.what).remove(idOf(next.what));
        due.add(next.what);
      }
      next = queue.peek();
    }
    if (next != null) {
      alarm.by(next.dueNanos);
    }
    return due;
  }

  /// A random time below the spread, late ones exponentially likelier than early ones: of a thousand who could say the
  /// same, few do so before they hear the first (RFC 5401, "Random Backoff").
  private long delay() {
    double u = random.nextDouble();
    double share = StrictMath.log(u * (StrictMath.exp(LAMBDA) - 1) + 1) / LAMBDA;
    return (long) (share * spreads.replyNanos());
  }

  private boolean cancel(LongMap<Reply> map, long id) {
    Reply reply = map.remove(id);
    if (reply == null) {
      return false;
    }
    reply.cancelled = true;
    return true;
  }

  private LongMap<Reply> mapOf(What what) {
    return switch (what) {
      case Ask _ -> asks;
      case Republish _ -> republishes;
      case Detail _ -> details;
    };
  }

  private static long idOf(What what) {
    return switch (what) {
      case Ask ask -> ask.keyTag();
      case Republish republish -> republish.keyTag();
      case Detail detail -> detail.id();
    };
  }
}
