package dev.banyan.store.interest;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Finds lost records: each names, per tag, its writer's previous record with that tag (§3 of the design). A
/// predecessor that has not come is suspicious at once, since one tag's records of one writer come in order; it is a
/// hole when it has not come after a while either (during a move two branches overlap).
///
/// A chain starts with the first record seen of a session while the tag is wanted, and starts again after a gap. Whoever
/// wants everything follows every tag.
public final class TagChains {

  /// Sessions remembered; the longest unheard is forgotten first.
  private static final int MAX_WRITERS = 4096;

  /// Records of one chain that wait for a predecessor.
  private static final int MAX_AHEAD = 32;

  private final InterestBook interests;
  private final StoreTurn turn;
  private final Counters counters;
  private final long holeNanos;
  private final LongConsumer onHole;
  private final long tableSeed;
  private final Alarm alarm;
  private final LinkedHashMap<WriterLog.Id, WriterLog> logs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WriterLog.Id, WriterLog> eldest) {
          if (size() <= MAX_WRITERS) {
            return false;
          }
          evict(eldest.getValue());
          return true;
        }
      };
  private final ArrayDeque<WriterLog.Chain> suspicious = new ArrayDeque<>();
  private @Nullable WriterLog recent;

  /// Chains in all logs.
  private int size;

  /// @param onHole is told the tag of each hole
  /// @param tableSeed random: tags are chosen by others
  public TagChains(
      InterestBook interests,
      StoreTurn turn,
      Counters counters,
      long holeNanos,
      LongConsumer onHole,
      long tableSeed) {
    this.tableSeed = tableSeed;
    this.interests = interests;
    this.turn = turn;
    this.counters = counters;
    this.holeNanos = holeNanos;
    this.onHole = onHole;
    this.alarm = new Alarm(StoreTimer.HOLE, turn);
  }

  /// Notes that a record came in.
  ///
  /// @return whether it had come in before, as far as remembered
  public boolean repeats(Record record) {
    return logOf(record).repeats(record.sequence());
  }

  /// Checks an update against the chains of the tags that are wanted.
  public void follow(Record record) {
    WriterLog log = logOf(record);
    for (int i = 0; i < record.tags().length; i++) {
      long tag = record.tags()[i];
      Interest interest = interests.following(tag);
      if (interest != null) {
        follow(log, tag, interest, record.sequence(), record.predecessors()[i]);
      }
    }
  }

  private void follow(WriterLog log, long tag, Interest interest, long sequence, long predecessor) {
    WriterLog.Chain chain = log.chains.get(tag);
    if (chain == null) {
      begin(log, tag, sequence);
    } else if (chain.told && sequence <= chain.last) {
      chain.told = false; // Whoever said that its last is later may have been wrong.
      chain.last = sequence;
    } else if (sequence > chain.last) {
      chain.told = false;
      if (predecessor <= chain.last || !interest.settled()) {
        chain.last = sequence;
        if (chain.ahead != null) {
          catchUp(chain);
        }
      } else {
        suspect(chain, interest, predecessor, sequence);
      }
    }
  }

  private WriterLog.Chain begin(WriterLog log, long tag, long sequence) {
    WriterLog.Chain chain = new WriterLog.Chain(tag, sequence);
    log.chains.put(tag, chain);
    size++;
    return chain;
  }

  /// Somebody to whom nothing of the tag is missing says that this is the session's last record with it: what comes next must follow that, if
  /// nothing has come since.
  void begin(long tag, Heads.Head head) {
    WriterLog log = logOf(head.writer(), head.session());
    if (interests.following(tag) != null && log.chains.get(tag) == null) {
      begin(log, tag, head.sequence()).told = true;
    }
  }

  /// Somebody knows of a record that was never heard of here: it is suspicious as one that is ahead of its predecessor is.
  void expect(long tag, Heads.Head head) {
    Interest interest = interests.following(tag);
    if (interest == null) {
      return;
    }
    if (!interest.settled()) {
      onHole.accept(tag); // Whatever was asked does not count: who is asked may be behind, too.
      return;
    }
    WriterLog log = logOf(head.writer(), head.session());
    WriterLog.Chain chain = log.chains.get(tag);
    if (chain == null) {
      chain = begin(log, tag, head.sequence() - 1);
    }
    if (head.sequence() > chain.last) {
      suspect(chain, interest, head.sequence(), head.sequence());
    }
  }

  private void suspect(WriterLog.Chain chain, Interest interest, long predecessor, long sequence) {
    long[] ahead = chain.ahead;
    if (ahead == null) {
      chain.ahead = new long[] {predecessor, sequence};
      chain.overdueNanos = turn.nowNanos() + holeNanos;
      chain.suspicious = interest;
      interest.suspect();
      Interest everything = interests.everything();
      if (everything != null && everything != interest) {
        chain.everything = everything;
        everything.suspect();
      }
      suspicious.add(chain);
      alarm.by(chain.overdueNanos);
      return;
    }
    for (int i = 1; i < ahead.length; i += 2) {
      if (ahead[i] == sequence) {
        return;
      }
    }
    if (ahead.length < 2 * MAX_AHEAD) {
      ahead = Arrays.copyOf(ahead, ahead.length + 2);
      ahead[ahead.length - 2] = predecessor;
      ahead[ahead.length - 1] = sequence;
      chain.ahead = ahead;
    } else {
      // Whatever fills the first of them, the hole will be found by the time it is overdue.
      ahead[ahead.length - 1] = Math.max(ahead[ahead.length - 1], sequence);
    }
  }

  /// Joins records that were ahead to a chain that has grown.
  private static void catchUp(WriterLog.Chain chain) {
    long[] ahead = chain.ahead;
    boolean grew = true;
    while (ahead != null && grew) {
      grew = false;
      for (int i = 0; i < ahead.length; i += 2) {
        if (ahead[i] <= chain.last || ahead[i + 1] <= chain.last) {
          chain.last = Math.max(chain.last, ahead[i + 1]);
          ahead = without(ahead, i);
          grew = true;
          break;
        }
      }
    }
    chain.ahead = ahead;
    if (ahead == null) {
      acquit(chain);
    }
  }

  private static void acquit(WriterLog.Chain chain) {
    if (chain.suspicious != null) {
      chain.suspicious.acquit();
      chain.suspicious = null;
    }
    if (chain.everything != null) {
      chain.everything.acquit();
      chain.everything = null;
    }
  }

  private static long @Nullable [] without(long[] pairs, int index) {
    if (pairs.length == 2) {
      return null;
    }
    long[] rest = Arrays.copyOf(pairs, pairs.length - 2);
    System.arraycopy(pairs, index + 2, rest, index, pairs.length - index - 2);
    return rest;
  }

  public void onTimer(long generation) {
    if (!alarm.fired(generation)) {
      return;
    }
    while (!suspicious.isEmpty() && suspicious.peek().overdueNanos <= turn.nowNanos()) {
      WriterLog.Chain chain = suspicious.remove();
      if (chain.ahead != null && !chain.forgotten) {
        counters.count(Counters.Count.HOLES);
        onHole.accept(chain.tag);
      }
    }
    if (!suspicious.isEmpty()) {
      alarm.by(suspicious.peek().overdueNanos);
    }
  }

  /// How many chains are followed.
  public int size() {
    return size;
  }

  /// As [#size], counted anew. For tests.
  public int countedAnew() {
    int all = 0;
    for (WriterLog log : logs.values()) {
      all += log.chains.size();
    }
    return all;
  }

  /// How many writers' sessions are remembered.
  public int writers() {
    return logs.size();
  }

  /// Lets the chains of these tags start again. Whoever follows them must be unsettled: nothing is suspected any more.
  public void restart(long... tags) {
    drop(tags);
  }

  /// As [#restart], when these tags have just ceased to be wanted for themselves. Whoever follows them still, wanting
  /// everything, does not lose a suspicion by that: it counts as a hole at once.
  public void letGo(long... tags) {
    for (long tag : drop(tags)) {
      if (interests.following(tag) != null) {
        onHole.accept(tag);
      }
    }
  }

  /// @return those of the tags in whose chains a hole was suspected
  private long[] drop(long... tags) {
    LongStream.Builder suspected = LongStream.builder();
    for (WriterLog log : logs.values()) {
      for (long tag : tags) {
        WriterLog.Chain chain = log.chains.remove(tag);
        if (chain != null) {
          size--;
          if (forget(chain)) {
            suspected.add(tag);
          }
        }
      }
    }
    return suspected.build().distinct().toArray();
  }

  /// Too many sessions are heard at one time: what is suspected of this one's records can be followed no longer.
  private void evict(WriterLog log) {
    List<WriterLog.Chain> chains = new ArrayList<>();
    log.chains.forEachValue(chains::add);
    log.chains.clear();
    size -= chains.size();
    for (WriterLog.Chain chain : chains) {
      if (forget(chain)) {
        onHole.accept(chain.tag);
      }
    }
  }

  /// Forgets the chains of tags that nobody here wants any more.
  public void dropUnwanted() {
    for (WriterLog log : logs.values()) {
      for (long tag : log.chains.sortedKeys()) {
        if (!interests.wants(tag)) {
          WriterLog.Chain chain = log.chains.remove(tag);
          if (chain != null) {
            size--;
            forget(chain);
          }
        }
      }
    }
  }

  /// Lets all chains start again.
  public void restartAll() {
    for (WriterLog log : logs.values()) {
      log.chains.forEachValue(this::forget);
      log.chains.clear();
    }
    size = 0;
  }

  /// @return whether a hole was suspected in it
  private boolean forget(WriterLog.Chain chain) {
    chain.forgotten = true;
    boolean suspected = chain.ahead != null;
    if (suspected) {
      chain.ahead = null;
      acquit(chain);
    }
    return suspected;
  }

  private WriterLog logOf(Record record) {
    return logOf(record.writer(), record.session());
  }

  private WriterLog logOf(NodeId writer, Session session) {
    WriterLog log = recent;
    if (log == null || !log.id.writer().equals(writer) || !log.id.session().equals(session)) {
      log =
          logs.computeIfAbsent(
              new WriterLog.Id(writer, session), id -> new WriterLog(id, tableSeed));
      recent = log;
    }
    return log;
  }
}
