package dev.banyan.store.interest;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.Heads.Head;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The latest record of each writer's session that was heard of here, under each of its tags, wanted or not. Unlike a chain it does not end when something was
/// missed: it says what there is, not what has come.
///
/// Bounded: what was heard of least lately is forgotten, so a member that begins many sessions makes others forget what they knew, and no more.
public final class KnownHeads {

  /// Tags, and sessions under each of them. Guesses: some 3 MB at most.
  private static final int TAGS = 2_048;

  private static final int SESSIONS = Heads.MOST;

  /// Of one tag, in a question.
  private static final int NAMED = 8;

  /// What was heard of for less may be on its way to others still. A guess: frames rarely take longer.
  private static final long ON_ITS_WAY_NANOS = 1_000_000_000;

  private final boolean kept;
  private final long onItsWayNanos;
  private final StoreTurn turn;
  private final LinkedHashMap<Long, Sessions> byTag =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Sessions> eldest) {
          return size() > TAGS;
        }
      };

  /// Of one tag, that which was heard last in front.
  private final class Sessions {
    private final List<Known> known = new ArrayList<>(1);
    private boolean forgotten;

    Known of(NodeId writer, Session session) {
      for (int i = 0; i < known.size(); i++) {
        Known each = known.get(i);
        if (each.is(writer, session)) {
          if (i > 0) {
            known.remove(i);
            known.addFirst(each);
          }
          return each;
        }
      }
      if (known.size() == SESSIONS) {
        forgotten = true;
        known.removeLast();
      }
      Known added = new Known(writer, session);
      known.addFirst(added);
      return added;
    }
  }

  /// Of one session: the latest, and what was the latest some time ago.
  private final class Known {
    final NodeId writer;
    final Session session;
    private long sequence;
    private long heardNanos;
    private long sample;
    private long sampledNanos;
    private long old;

    Known(NodeId writer, Session session) {
      this.writer = writer;
      this.session = session;
    }

    boolean is(NodeId whose, Session which) {
      return writer.equals(whose) && session.equals(which);
    }

    void heard(long later) {
      long nowNanos = turn.nowNanos();
      if (sample == 0 || nowNanos - sampledNanos >= onItsWayNanos) {
        old = sample;
        sample = later;
        sampledNanos = nowNanos;
      }
      sequence = later;
      heardNanos = nowNanos;
    }

    /// What everybody has had the time to hear of; 0 for nothing.
    long settled() {
      if (turn.nowNanos() - heardNanos >= onItsWayNanos) {
        return sequence;
      }
      return turn.nowNanos() - sampledNanos >= onItsWayNanos ? sample : old;
    }
  }

  /// @param kept whether anything is: where nobody proves what it says, nothing is made of it
  /// @param batchNanos how long a writer may keep what it has written to itself
  public KnownHeads(boolean kept, long batchNanos, StoreTurn turn) {
    this.kept = kept;
    this.onItsWayNanos = ON_ITS_WAY_NANOS + batchNanos;
    this.turn = turn;
  }

  /// A record has come in, or was written here.
  public void heard(Record record) {
    if (kept) {
      for (long tag : record.tags()) {
        heard(tag, record.writer(), record.session(), record.sequence());
      }
    }
  }

  /// A member says that it knows of these.
  public void heard(Heads heads) {
    for (Head head : heads.known()) {
      heard(heads.tag(), head.writer(), head.session(), head.sequence());
    }
  }

  private void heard(long tag, NodeId writer, Session session, long sequence) {
    Known known = byTag.computeIfAbsent(tag, _ -> new Sessions()).of(writer, session);
    if (sequence > known.sequence) {
      known.heard(sequence);
    }
  }

  boolean reaches(long tag, Head head) {
    Sessions sessions = byTag.get(tag);
    return sessions != null
        && sessions.known.stream()
            .anyMatch(
                each -> each.is(head.writer(), head.session()) && each.sequence >= head.sequence());
  }

  /// All that is known under the tag, as far as there is room.
  public Heads of(long tag) {
    Sessions sessions = byTag.get(tag);
    if (sessions == null) {
      return new Heads(tag, true, List.of());
    }
    List<Head> heads = new ArrayList<>();
    for (Known each : sessions.known) {
      heads.add(new Head(each.writer, each.session, each.sequence));
    }
    return new Heads(tag, !sessions.forgotten, heads);
  }

  /// Of what is known under these tags that which everybody should have heard of by now.
  public List<Heads> named(long[] tags) {
    List<Heads> all = new ArrayList<>();
    for (long tag : tags) {
      Sessions sessions = byTag.get(tag);
      List<Head> heads = new ArrayList<>();
      for (Known each : sessions == null ? List.<Known>of() : sessions.known) {
        long settled = each.settled();
        if (settled > 0 && heads.size() < NAMED) {
          heads.add(new Head(each.writer, each.session, settled));
        }
      }
      if (!heads.isEmpty()) {
        all.add(new Heads(tag, false, heads));
      }
    }
    return all;
  }
}
