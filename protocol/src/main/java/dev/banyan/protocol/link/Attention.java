package dev.banyan.protocol.link;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether a child gives back the questions it is given (§2.6), or answers them.
///
/// States: attentive; *slow* while a question is late: others are asked first; *silent*, and not asked any more, when its
/// parent's own question, which it need only give back, is overdue, or, for a client, several of others are. It is
/// attentive again when the parent's comes back, or one of the others, or after a long time.
public final class Attention {

  /// After which a question that has not come back is late; a guess, many round trips.
  private static final long LATE_NANOS = 500_000_000;

  /// After which the parent's own question, which nobody has to think about, is overdue; a guess.
  private static final long PROBE_NANOS = 2_000_000_000;

  /// After which any question to a client is: a worker keeps that of another for three fetch timeouts at most, 3 s.
  private static final long OVERDUE_NANOS = 4_000_000_000L;

  /// Of these a silent client has as many; fewer may be bad luck on a congested link.
  private static final int OVERDUE = 3;

  /// How long a client is not asked then, unless it gives one of them back after all; a guess.
  private static final long SHUNNED_NANOS = 600_000_000_000L;

  /// What was lost further down is remembered for so long; a guess.
  private static final long REMEMBERED_NANOS = 30_000_000_000L;

  /// Questions remembered for each child, and what they weigh at most; what is beyond is not taken back. Guesses. What all
  /// children have is bounded by who gives them.
  private static final int MOST = 8_192;

  private static final long MOST_BYTES = 2 << 20;

  /// Of those that are lost further down as many are passed over when one looks for a late one.
  private static final int LOOKS = 32;

  /// How long bytes on their way excuse a child that has given nothing back. A guess: half a megabyte at 64 kbit/s.
  private static final long MOST_EXCUSED_NANOS = 60_000_000_000L;

  /// What all children share that were never asked, in all nodes of the process.
  static final Attention NEVER_ASKED = new Attention();

  private record Key(NodeId origin, long id) {}

  private record Passed(Message.Anycast question, long atNanos) {}

  private final Map<Key, Passed> passed = new LinkedHashMap<>(2);
  private long bytes;

  /// When the latest was given of those that came back: what was given before may be lost further down.
  private long backNanos = Long.MIN_VALUE;

  /// When the latest was given.
  private long passedNanos = Long.MIN_VALUE;

  /// When bytes of something long last moved between the two: what the child says comes behind them.
  private long busyNanos = Long.MIN_VALUE / 2;

  /// Since when it has given nothing back and yet been busy.
  private long busySinceNanos = Long.MIN_VALUE / 2;

  private boolean probing;
  private long probedNanos = Long.MIN_VALUE;
  private boolean silent;
  private long silentSinceNanos;
  private boolean shunned;
  private long shunnedUntilNanos;

  /// Notes a question that is given to the child.
  public void passed(Message.Anycast question, long nowNanos) {
    requireOwn();
    Key key = new Key(question.origin(), question.id());
    take(key);
    passed.put(key, new Passed(question, nowNanos));
    passedNanos = nowNanos;
    bytes += weight(question);
    while (passed.size() > MOST || bytes > MOST_BYTES) {
      take(passed.keySet().iterator().next());
    }
  }

  private void requireOwn() {
    if (this == NEVER_ASKED) {
      throw new IllegalStateException("noted of one child, where all would have it: see noting");
    }
  }

  /// What the questions weigh that it has.
  public long bytes() {
    return bytes;
  }

  /// The oldest of them is not taken back any more.
  public void forgetOldest() {
    take(passed.keySet().iterator().next());
  }

  /// Part of something long came from the child, or went to it.
  public void busy(long nowNanos) {
    requireOwn();
    if (busySinceNanos < backNanos || nowNanos - busyNanos > OVERDUE_NANOS) {
      busySinceNanos = nowNanos;
    }
    busyNanos = nowNanos;
  }

  /// When something was due that was asked at that time: later, as far as the link was busy.
  private long asIfAskedAt(long atNanos) {
    return Math.max(atNanos, Math.min(busyNanos, busySinceNanos + MOST_EXCUSED_NANOS));
  }

  /// A question comes back.
  ///
  /// @return as it was given, or null if it was not given to this child, or others have taken its place since
  public Message.@Nullable Anycast givenBack(NodeId origin, long id) {
    Passed given = take(new Key(origin, id));
    if (given == null) {
      return null;
    }
    backNanos = Math.max(backNanos, given.atNanos());
    if (shunned) {
      endShunning();
    }
    return given.question();
  }

  /// Whether it was given this question, and has neither ended it nor lost its claim to it since.
  public boolean has(NodeId origin, long id) {
    return passed.containsKey(new Key(origin, id));
  }

  private @Nullable Passed take(Key key) {
    Passed taken = passed.remove(key);
    if (taken != null) {
      bytes -= weight(taken.question());
    }
    return taken;
  }

  /// What a question takes in memory, more or less, its way included.
  public static long weight(Message.Anycast question) {
    long weight = 128L + question.question().size();
    for (Message.Hop hop : question.path()) {
      weight += 64L + 24L * hop.tried().size();
    }
    return weight;
  }

  /// The parent's own question came back.
  public void probeBack() {
    if (probing) {
      probing = false;
      silent = shunned;
    }
  }

  /// Whether others should be asked first.
  public boolean slow(long nowNanos) {
    int looks = 0;
    for (Passed each : passed.values()) {
      if (each.atNanos() > backNanos) {
        return nowNanos - each.atNanos() > LATE_NANOS;
      }
      if (++looks == LOOKS) {
        return false;
      }
    }
    return false;
  }

  /// Whether it is not worth asking.
  public boolean silent() {
    return silent;
  }

  /// Since when it has been silent.
  public long silentSinceNanos() {
    return silentSinceNanos;
  }

  /// Time to look after it.
  ///
  /// @return whether the parent should ask it a question of its own now
  public boolean look(boolean client, long nowNanos) {
    if (shunned && nowNanos >= shunnedUntilNanos) {
      endShunning();
    }
    if (client && !shunned && overdue(nowNanos) >= OVERDUE) {
      shun(nowNanos);
    }
    if (probing) {
      if (nowNanos - asIfAskedAt(probedNanos) > PROBE_NANOS) {
        silence(nowNanos);
        probedNanos = nowNanos;
        return true;
      }
      return false;
    }
    // Once it has given that back, only what it was given since can show anything new.
    if (passedNanos > probedNanos && slow(nowNanos)) {
      probing = true;
      probedNanos = nowNanos;
      return true;
    }
    return false;
  }

  private void shun(long nowNanos) {
    shunned = true;
    shunnedUntilNanos = nowNanos + SHUNNED_NANOS;
    silence(nowNanos);
  }

  private void endShunning() {
    shunned = false;
    silent &= probing;
    passed.clear();
    bytes = 0;
  }

  private void silence(long nowNanos) {
    if (!silent) {
      silent = true;
      silentSinceNanos = nowNanos;
    }
  }

  /// How many are long overdue; what was lost further down, and is as old, is forgotten.
  private int overdue(long nowNanos) {
    int overdue = 0;
    for (Iterator<Passed> each = passed.values().iterator(); each.hasNext(); ) {
      Passed question = each.next();
      if (nowNanos - asIfAskedAt(question.atNanos()) <= OVERDUE_NANOS) {
        break;
      }
      if (question.atNanos() > backNanos) {
        overdue++;
      } else if (nowNanos - question.atNanos() > REMEMBERED_NANOS) {
        bytes -= weight(question.question());
        each.remove();
      }
    }
    return overdue;
  }
}
