package dev.banyan.store.room;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.TagChains;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Learned interest fades when it is not used, so that what a link carries follows the working set of those behind it
/// down as well as up (§9.0.2, "phase out keys from the filter"). What is faded is withdrawn from the tree and not held
/// any more; the next read fetches it as the first one did.
///
/// The rule: each read and each write of a key adds 1 to the weight of its interest, up to [#MOST]; the weight halves
/// with each half-life, continuously; below [#LEAST] the interest fades. So what was used once is kept for one half-life,
/// what was used often for at most [five](#MOST) after its last use; it goes at the next of [#STEPS] instants per
/// half-life, so that what fades about the same time is withdrawn in one message.
///
/// What does not fade: explicit interest (a watch); a key whose newest write was made here, or taken over from a worker that left, as no other worker promises
/// to keep it (a reader may fade, and that somebody who wants everything is there does not say that the write has come
/// to it); a deleted key, until its tombstone goes ([Tombstones]), whoever deleted it; a key that somebody waits for; a key
/// that another worker was just told of ([#told]). And nothing fades while
/// the worker is cut off from the tree: it could not be fetched again.
public final class Fading {

  /// The weight never exceeds this: it takes five half-lives from here to [#LEAST]. A guess; without a bound the
  /// heaviest use would be remembered longest, at no use.
  private static final double MOST = 16;

  private static final double LEAST = 0.5;

  private static final int STEPS = 32;

  /// Interests looked at in one event, and how often their tags may be looked up in writers' logs; then others have
  /// their turn for [#PACE_NANOS]. Guesses: a few milliseconds.
  private static final int LOOKS_AT_ONCE = 1_024;

  private static final int LOOKUPS_AT_ONCE = 1 << 18;
  private static final long PACE_NANOS = 5_000_000;

  /// Where interest never fades, the order in which it is let go for lack of room is that of this half-life: a guess.
  private static final long ORDER_NANOS = 600_000_000_000L;

  /// Interests looked at when room is needed, at one time.
  private static final int LOOKS_FOR_ROOM = 4_096;

  /// Withdraws what is not used any more, in the tree and here.
  public interface LetGo {
    void letGo(List<Interest> keys);
  }

  private final boolean never;
  private final long halfLifeNanos;
  private final long stepNanos;
  private final long patienceNanos;
  private final NodeId self;
  private final Holdings holdings;
  private final Shelf shelf;
  private final InterestBook interests;
  private final TagChains chains;
  private final LetGo letGo;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;
  private boolean connected;

  /// Learned interests by the time at which they fade unless they are used meanwhile. One whose newest write was made
  /// here is not among them once its time has come.
  private final TreeMap<Long, ArrayDeque<Interest>> due = new TreeMap<>();

  /// @param halfLifeNanos 0 for never
  /// @param patienceNanos how long a question may be on its way
  public Fading(
      long halfLifeNanos,
      long patienceNanos,
      NodeId self,
      Holdings holdings,
      Shelf shelf,
      InterestBook interests,
      TagChains chains,
      LetGo letGo,
      Counters counters,
      StoreTurn turn) {
    this.never = halfLifeNanos == StoreConfig.NEVER;
    this.halfLifeNanos = never ? ORDER_NANOS : halfLifeNanos;
    this.stepNanos = Math.max(1, this.halfLifeNanos / STEPS);
    this.patienceNanos = patienceNanos;
    this.self = self;
    this.holdings = holdings;
    this.shelf = shelf;
    this.interests = interests;
    this.chains = chains;
    this.letGo = letGo;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.FADE, turn);
  }

  public void connected(boolean now) {
    connected = now;
    arm();
  }

  /// The key of this interest is read or written.
  public void used(Interest interest) {
    interest.use.add(turn.nowNanos(), halfLifeNanos, MOST);
    if (!interest.use.isNoted()) {
      await(interest, fadesAt(interest));
    }
  }

  /// Somebody has been answered about the key. A third worker's question may have passed that one before it wanted the
  /// key, and be on its way here: it must not find that nobody holds what somebody does. So the key is kept for as long
  /// as most questions take; whom others keep asking keeps it.
  public void told(Interest interest) {
    interest.use.keepUntil(turn.nowNanos() + patienceNanos);
  }

  /// The newest write of the key was made here, or was a tombstone, and is not any more.
  public void released(Entry entry) {
    Interest interest = interests.get(entry.tag);
    if (interest != null && interest.use.hasWeight() && !interest.use.isNoted()) {
      await(interest, fadesAt(interest));
    }
  }

  private long fadesAt(Interest interest) {
    return interest.use.fallsBelowNanos(LEAST, halfLifeNanos);
  }

  private void await(Interest interest, long atNanos) {
    interest.use.note();
    due.computeIfAbsent(stepOf(atNanos), _ -> new ArrayDeque<>()).add(interest);
    arm();
  }

  private void arm() {
    if (connected && !never && !due.isEmpty()) {
      alarm.by(Math.max(due.firstKey(), turn.nowNanos()));
    }
  }

  public void onTimer(long generation) {
    if (!alarm.fired(generation) || !connected) {
      return;
    }
    long now = turn.nowNanos();
    List<Interest> faded = new ArrayList<>();
    int looks = Math.min(LOOKS_AT_ONCE, 16 + LOOKUPS_AT_ONCE / (1 + chains.writers()));
    while (looks > 0 && !due.isEmpty() && due.firstKey() <= now) {
      Map.Entry<Long, ArrayDeque<Interest>> first = due.firstEntry();
      look(first.getValue().remove(), faded);
      if (first.getValue().isEmpty()) {
        due.remove(first.getKey());
      }
      looks--;
    }
    if (!faded.isEmpty()) {
      counters.add(Counters.Count.FADED, faded.size());
      letGo.letGo(faded);
    }
    if (!due.isEmpty()) {
      alarm.by(Math.max(due.firstKey(), now + PACE_NANOS));
    }
  }

  private void look(Interest interest, List<Interest> faded) {
    interest.use.unnote();
    if (interest.gone() || !interest.use.isUsed()) {
      return;
    }
    long now = turn.nowNanos();
    long fadesAt = Math.max(fadesAt(interest), interest.use.keptUntilNanos());
    if (fadesAt > now) {
      await(interest, fadesAt);
      return;
    }
    if (interest.awaited() || interest.hasBlindWrites()) {
      await(interest, now + stepNanos);
      return;
    }
    Entry entry = holdings.find(interest.tag);
    if (entry != null && keeps(entry)) {
      return; // Until it is released.
    }
    if (isOwnOnShelf(interest)) {
      return;
    }
    if (isLetGo(interest, entry)) {
      faded.add(interest);
    }
  }

  /// Whether what was written here is on the shelf: nobody else may have it.
  private boolean isOwnOnShelf(Interest interest) {
    Entry shelved = shelf.find(interest.tag);
    return shelved != null && shelved.isOurs(self);
  }

  /// The key counts as used no more.
  ///
  /// @return whether nobody wants it then
  private static boolean isLetGo(Interest interest, @Nullable Entry entry) {
    interest.use.letGo();
    if (entry != null) {
      entry.used(false);
    }
    return !interest.watched();
  }

  /// Lets go of so much before its time, least used first, as far as it may go: not while the worker is cut off, nor what
  /// does not fade.
  void shed(long bytes) {
    shed(
        bytes,
        (interest, entry) -> Interest.BYTES + bytesOf(entry) + bytesOf(shelf.find(interest.tag)));
  }

  private static long bytesOf(@Nullable Entry entry) {
    return entry == null ? 0 : entry.bytes();
  }

  /// Likewise, until about so many tags are free.
  void shedTags(int tags) {
    shed(tags, (interest, _) -> interest.silent() ? 0 : 1);
  }

  /// How much letting go of an interest frees.
  private interface Freed {
    long by(Interest interest, @Nullable Entry entry);
  }

  private void shed(long amount, Freed freedBy) {
    if (!connected) {
      return;
    }
    long now = turn.nowNanos();
    List<Interest> shed = new ArrayList<>();
    List<Interest> needed = new ArrayList<>();
    long freed = 0;
    for (int looks = LOOKS_FOR_ROOM; looks > 0 && freed < amount && !due.isEmpty(); looks--) {
      Map.Entry<Long, ArrayDeque<Interest>> first = due.firstEntry();
      Interest interest = first.getValue().remove();
      if (first.getValue().isEmpty()) {
        due.remove(first.getKey());
      }
      interest.use.unnote();
      Entry entry = holdings.find(interest.tag);
      if (interest.gone()
          || !interest.use.isUsed()
          || entry != null && keeps(entry)
          || isOwnOnShelf(interest)) {
        continue;
      }
      if (stepOf(fadesAt(interest)) > first.getKey()) {
        await(interest, fadesAt(interest)); // Used since it was put here.
      } else if (interest.use.keptUntilNanos() > now
          || interest.awaited()
          || interest.hasBlindWrites()
          || freedBy.by(interest, entry) == 0) {
        needed.add(interest);
      } else if (isLetGo(interest, entry)) {
        freed += freedBy.by(interest, entry);
        shed.add(interest);
      }
    }
    needed.forEach(interest -> await(interest, fadesAt(interest)));
    if (!shed.isEmpty()) {
      counters.add(Counters.Count.SHED, shed.size());
      letGo.letGo(shed);
    }
  }

  private long stepOf(long atNanos) {
    return Math.ceilDiv(atNanos, stepNanos) * stepNanos;
  }

  /// Whether the entry stays, used or not.
  public boolean keeps(Entry entry) {
    return entry.newest().deleted() || entry.isOurs(self);
  }
}
