package dev.banyan.store.resync;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.Version;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.Mix;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Replies to digests that wait for their random time, each of which is dropped when somebody else replies the same
/// first. Bounded.
final class Replies {

  /// More than these are dropped; what they would have repaired, the questions after a resync do.
  private static final int MAX = 1 << 16;

  /// Of those, because of one asker.
  private static final int MAX_EACH = MAX / 2;

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
  private final Askers askers;
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
    final Askers.@Nullable Asker asker;
    boolean cancelled;

    Reply(What what, Askers.@Nullable Asker asker, long dueNanos, long order) {
      this.what = what;
      this.asker = asker;
      this.dueNanos = dueNanos;
      this.order = order;
    }
  }

  Replies(
      RandomGenerator random, Spreads spreads, ReplyPace pace, Counters counters, StoreTurn turn) {
    long tableSeed = random.nextLong(); // Tags are chosen by others.
    asks = new LongMap<>(tableSeed);
    republishes = new LongMap<>(tableSeed);
    details = new LongMap<>(tableSeed);
    this.random = random;
    this.spreads = spreads;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.REPLY, turn);
    this.askers = new Askers(pace, MAX_EACH);
  }

  boolean isEmpty() {
    return asks.isEmpty() && republishes.isEmpty() && details.isEmpty();
  }

  void schedule(Ask ask) {
    schedule(ask, null, 0, delay());
  }

  /// @param asker because of whom it is said
  /// @param bytes what it has, more or less
  void schedule(What what, NodeId asker, long bytes) {
    schedule(what, askers.of(asker), bytes, delay());
  }

  /// Puts one back that has to wait.
  void postpone(What what, long delayNanos) {
    schedule(what, null, 0, delayNanos);
  }

  private void schedule(What what, Askers.@Nullable Asker asker, long bytes, long delayNanos) {
    LongMap<Reply> map = mapOf(what);
    long now = turn.nowNanos();
    long before = asker == null ? 0 : askers.beforeNanos(asker, now);
    long due = now + before + delayNanos;
    Reply waiting = map.get(idOf(what));
    if (waiting != null) {
      boolean newer =
          what instanceof Ask ask
              && waiting.what instanceof Ask other
              && ask.wanted().compareTo(other.wanted()) > 0;
      // What one asker has to wait long for another gets when it is its turn.
      if (!newer && waiting.dueNanos - due <= spreads.replyNanos()) {
        return;
      }
      cancel(map, idOf(what));
    }
    if (queue.size() >= MAX || (asker != null && !askers.mayWait(asker))) {
      counters.count(Counters.Count.REPLIES_DROPPED);
      return;
    }
    if (asker != null) {
      askers.waits(asker, bytes, now);
    }
    Reply reply = new Reply(what, asker, due, order++);
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

  /// Whether it is time to say something.
  boolean isTime(long generation) {
    return alarm.fired(generation);
  }

  /// Takes the first that is due; null if none is.
  @Nullable What next() {
    Reply next = queue.peek();
    while (next != null && (next.cancelled || next.dueNanos <= turn.nowNanos())) {
      queue.remove();
      if (!next.cancelled) {
        end(mapOf(next.what), next);
        return next.what;
      }
      next = queue.peek();
    }
    return null;
  }

  /// Goes on when the next is due, but not before that time.
  void goOn(long notBeforeNanos) {
    Reply next = queue.peek();
    if (next != null) {
      alarm.by(Math.max(next.dueNanos, notBeforeNanos));
    }
  }

  /// A random time below the spread, late ones exponentially likelier than early ones: of a thousand who could say the
  /// same, few do so before they hear the first (RFC 5401, "Random Backoff").
  private long delay() {
    double u = random.nextDouble();
    double share = StrictMath.log(u * (StrictMath.exp(LAMBDA) - 1) + 1) / LAMBDA;
    return (long) (share * spreads.replyNanos());
  }

  private boolean cancel(LongMap<Reply> map, long id) {
    Reply reply = map.get(id);
    if (reply == null) {
      return false;
    }
    reply.cancelled = true;
    end(map, reply);
    return true;
  }

  private static void end(LongMap<Reply> map, Reply reply) {
    map.remove(idOf(reply.what));
    if (reply.asker != null) {
      reply.asker.isServed();
    }
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
