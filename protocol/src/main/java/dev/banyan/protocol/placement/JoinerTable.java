package dev.banyan.protocol.placement;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Tags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of joiners, by their ids and in the order in which it was added. Each request that is passed on is looked
/// up at each router on its way down and on its way back, mostly in memory that is in no cache: so a joiner that is not
/// there costs a look at one array, and one that is there another at its entry.
///
/// Open addressing with backward-shift deletion (Knuth, TAOCP vol. 3, §6.4, algorithm R), at most 2/3 full.
final class JoinerTable {

  /// A request that was passed to a child, and what became of it. Most are answered soon, and then kept for long: what is
  /// needed then is little.
  static final class Entry {
    final NodeId joiner;

    /// The child that was asked last; null once it has given the request back.
    @Nullable NodeId child;

    /// The parent that it answered with; null as long as it has not.
    @Nullable NodeId assigned;

    /// As long as the child has it, and has not answered.
    Message.@Nullable JoinRequest request;

    long attempt;
    long sinceNanos;

    /// The one before, when the joiner asked again before it was answered.
    JoinsUnderWay.@Nullable Errand unanswered;

    long expiresNanos;
    int weight;

    /// Children in vain; all empty lists are the same one.
    List<NodeId> vain = List.of();

    private @Nullable Entry earlier;
    private @Nullable Entry later;

    Entry(NodeId joiner) {
      this.joiner = joiner;
    }

    /// The request comes back from the child that had it.
    Message.@Nullable JoinRequest takeRequest() {
      Message.JoinRequest had = request;
      request = null;
      return had;
    }

    void inVain(NodeId failed) {
      if (vain.isEmpty()) {
        vain = new ArrayList<>(1);
      }
      vain.add(failed);
    }

    boolean forgive(NodeId failed) {
      return !vain.isEmpty() && vain.remove(failed);
    }
  }

  private static final int LEAST_CAPACITY = 4;

  // What an empty table has: nobody writes to these.
  private static final long[] NO_KEYS = new long[1];
  private static final @Nullable Entry[] NO_ENTRIES = new Entry[1];

  private final long seed;

  /// Ids, mixed; 0 where there is none.
  private long[] keys = NO_KEYS;

  private @Nullable Entry[] entries = NO_ENTRIES;
  private @Nullable Entry oldest;
  private @Nullable Entry latest;
  private int size;

  /// @param seed mixed into the places of joiners, so that nobody outside can choose ids that collide
  JoinerTable(long seed) {
    this.seed = seed;
  }

  int size() {
    return size;
  }

  @Nullable Entry get(NodeId joiner) {
    return entries[slotOf(joiner)];
  }

  /// What was added before all others.
  @Nullable Entry oldest() {
    return oldest;
  }

  /// Adds an entry, as the latest; there must be none of its joiner.
  void add(Entry entry) {
    if ((size + 1) * 3L > keys.length * 2L) {
      grow();
    }
    put(entry);
    size++;
    Entry before = latest;
    if (before == null) {
      oldest = entry;
    } else {
      before.later = entry;
    }
    entry.earlier = before;
    entry.later = null;
    latest = entry;
  }

  /// Removes an entry, which must be there.
  void remove(Entry entry) {
    closeGap(slotOf(entry.joiner));
    size--;
    Entry before = entry.earlier;
    Entry after = entry.later;
    if (before == null) {
      oldest = after;
    } else {
      before.later = after;
    }
    if (after == null) {
      latest = before;
    } else {
      after.earlier = before;
    }
  }

  private void put(Entry entry) {
    int slot = slotOf(entry.joiner);
    keys[slot] = key(entry.joiner);
    entries[slot] = entry;
  }

  private long key(NodeId joiner) {
    long mixed = Tags.mix(joiner.value() ^ seed);
    return mixed == 0 ? 1 : mixed;
  }

  /// Where the joiner's entry is, or would be.
  private int slotOf(NodeId joiner) {
    long key = key(joiner);
    int mask = keys.length - 1;
    int slot = (int) key & mask;
    while (keys[slot] != 0 && !(keys[slot] == key && isOf(entries[slot], joiner))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static boolean isOf(@Nullable Entry entry, NodeId joiner) {
    return entry != null && entry.joiner.equals(joiner);
  }

  private void closeGap(int free) {
    int mask = keys.length - 1;
    int gap = free;
    for (int next = (gap + 1) & mask; keys[next] != 0; next = (next + 1) & mask) {
      int distanceFromHome = (next - (int) keys[next]) & mask;
      if (distanceFromHome >= ((next - gap) & mask)) {
        keys[gap] = keys[next];
        entries[gap] = entries[next];
        gap = next;
      }
    }
    keys[gap] = 0;
    entries[gap] = null;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Entry[] oldEntries = entries;
    int capacity = Math.max(LEAST_CAPACITY, oldKeys.length * 2);
    int mask = capacity - 1;
    keys = new long[capacity];
    entries = new Entry[capacity];
    // From array to array: an entry itself is mostly in no cache.
    for (int old = 0; old < oldKeys.length; old++) {
      if (oldKeys[old] != 0) {
        int slot = (int) oldKeys[old] & mask;
        while (keys[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = oldKeys[old];
        entries[slot] = oldEntries[old];
      }
    }
  }
}
