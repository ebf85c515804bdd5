package dev.banyan.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Future happenings in order of time; what is due at one instant comes in the order in which it was added.
///
/// Two timing wheels of intrusive lists hold what is further away, a small four-ary heap what is due in the current
/// slot of 131 us: adding and taking cost the same with a thousand entries or ten million, and entries are reused, so
/// that neither makes garbage.
final class EventQueue {

  /// One entry. The queue owns it again as soon as the next one is taken.
  static final class Entry {
    long atNanos;
    private long sequence;
    What what = What.ACTION;

    /// Whom it is about: a node, an end of a link, or nothing more than the payload.
    Object target = this;

    /// What it brings: a frame, a timer, an action.
    Object payload = this;

    /// A number that goes with it: a node's life, a frame's place in its link's order.
    long number;

    private @Nullable Entry next;

    private boolean before(Entry other) {
      return atNanos != other.atNanos ? atNanos < other.atNanos : sequence < other.sequence;
    }
  }

  /// What an entry does when it is due.
  enum What {
    /// Runs the payload.
    ACTION,
    /// A frame, the payload, arrives at an end of a link.
    FRAME,
    /// The other side has closed, or a dial has failed: the last thing to arrive at an end of a link.
    CLOSE,
    /// A dial was answered: the first thing to arrive at the end of the link that was dialed from.
    OPEN,
    /// A dial reaches the address it was for.
    DIAL,
    /// A dial got no answer in time.
    DIAL_TIMEOUT,
    /// A timer of a node.
    TIMER,
    /// An event of the layer above a node.
    LOCAL,
    /// The queue of an end of a link has passed a water mark.
    MARK,
    /// A piece of what waits at an end of a link has left it.
    LEAVE,
    /// A piece of a frame that is not the last one arrives at an end of a link.
    PART
  }

  private static final int FINE_SHIFT = 17;
  private static final int FINE_BITS = 14;
  private static final int COARSE_BITS = 12;
  private static final int FINE_MASK = (1 << FINE_BITS) - 1;
  private static final int COARSE_MASK = (1 << COARSE_BITS) - 1;

  private final Heap due = new Heap(64);
  private final Heap far = new Heap(16);
  private final Wheel fine = new Wheel(FINE_BITS);
  private final Wheel coarse = new Wheel(COARSE_BITS);

  /// Fine slots up to this one are in the heap; coarse ones up to the one that it lies in are in the fine wheel.
  private long fineSlot = -1;

  private long coarseSlot = 0;
  private long farSlot = 0;
  private long nextSequence;
  private int size;
  private @Nullable Entry free;

  int size() {
    return size;
  }

  void add(long atNanos, What what, Object target, Object payload, long number) {
    Entry entry = free;
    if (entry == null) {
      entry = new Entry();
    } else {
      free = entry.next;
      entry.next = null;
    }
    entry.atNanos = atNanos;
    entry.sequence = nextSequence++;
    entry.what = what;
    entry.target = target;
    entry.payload = payload;
    entry.number = number;
    size++;
    place(entry);
  }

  /// When the next entry is due; `Long.MAX_VALUE` when there is none.
  long nextAtNanos() {
    return due.size == 0 && !refill() ? Long.MAX_VALUE : due.times[0];
  }

  /// Takes the next entry; give it back with [#recycle].
  @Nullable Entry poll() {
    if (due.size == 0 && !refill()) {
      return null;
    }
    size--;
    return due.pop();
  }

  void recycle(Entry entry) {
    entry.target = entry;
    entry.payload = entry;
    entry.next = free;
    free = entry;
  }

  private void place(Entry entry) {
    long slot = entry.atNanos >>> FINE_SHIFT;
    if (slot <= fineSlot) {
      due.push(entry);
    } else if (slot >>> FINE_BITS == coarseSlot) {
      fine.add((int) slot & FINE_MASK, entry);
    } else if (slot >>> (FINE_BITS + COARSE_BITS) == farSlot) {
      coarse.add((int) (slot >>> FINE_BITS) & COARSE_MASK, entry);
    } else {
      far.push(entry);
    }
  }

  /// Moves the entries of the next slot that has some into the heap.
  private boolean refill() {
    while (due.size == 0) {
      int slot = fine.nextFrom((int) (fineSlot + 1 - (coarseSlot << FINE_BITS)));
      if (slot >= 0) {
        fineSlot = (coarseSlot << FINE_BITS) + slot;
        spread(fine.take(slot));
      } else if (!refillFine()) {
        return false;
      }
    }
    return true;
  }

  private boolean refillFine() {
    int slot = coarse.nextFrom((int) (coarseSlot + 1 - (farSlot << COARSE_BITS)));
    if (slot < 0) {
      if (far.size == 0) {
        return false;
      }
      farSlot = far.times[0] >>> (FINE_SHIFT + FINE_BITS + COARSE_BITS);
      coarseSlot = (farSlot << COARSE_BITS) - 1;
      fineSlot = (farSlot << (COARSE_BITS + FINE_BITS)) - 1;
      while (far.size > 0 && far.times[0] >>> (FINE_SHIFT + FINE_BITS + COARSE_BITS) == farSlot) {
        place(far.pop());
      }
      return true;
    }
    coarseSlot = (farSlot << COARSE_BITS) + slot;
    fineSlot = (coarseSlot << FINE_BITS) - 1;
    spread(coarse.take(slot));
    return true;
  }

  private void spread(@Nullable Entry list) {
    Entry entry = list;
    while (entry != null) {
      Entry next = entry.next;
      entry.next = null;
      place(entry);
      entry = next;
    }
  }

  /// A ring of unordered lists, with a bit for each that is not empty.
  private static final class Wheel {
    private final @Nullable Entry[] lists;
    private final long[] occupied;

    Wheel(int bits) {
      lists = new Entry[1 << bits];
      occupied = new long[1 << (bits - 6)];
    }

    void add(int slot, Entry entry) {
      entry.next = lists[slot];
      lists[slot] = entry;
      occupied[slot >>> 6] |= 1L << slot;
    }

    @Nullable Entry take(int slot) {
      Entry list = lists[slot];
      lists[slot] = null;
      occupied[slot >>> 6] &= ~(1L << slot);
      return list;
    }

    /// The first slot from this one on that is not empty, -1 without one.
    int nextFrom(int slot) {
      if (slot >= lists.length) {
        return -1;
      }
      int word = slot >>> 6;
      long bits = occupied[word] & (-1L << slot);
      while (bits == 0) {
        if (++word == occupied.length) {
          return -1;
        }
        bits = occupied[word];
      }
      return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
  }

  /// A four-ary heap by time, then sequence. Times stand side by side, as entries lie anywhere in memory: to wait for four
  /// of them at each level was a tenth of the simulator's time.
  private static final class Heap {
    private Entry[] heap;
    private long[] times;
    private int size;

    Heap(int capacity) {
      heap = new Entry[capacity];
      times = new long[capacity];
    }

    /// Whether the entry with that time comes before the one at that place.
    private boolean before(Entry entry, long time, int place) {
      return time != times[place] ? time < times[place] : entry.before(heap[place]);
    }

    private void put(int place, Entry entry, long time) {
      heap[place] = entry;
      times[place] = time;
    }

    void push(Entry entry) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
        times = Arrays.copyOf(times, size * 2);
      }
      long time = entry.atNanos;
      int at = size++;
      while (at > 0) {
        int parent = (at - 1) >>> 2;
        if (!before(entry, time, parent)) {
          break;
        }
        put(at, heap[parent], times[parent]);
        at = parent;
      }
      put(at, entry, time);
    }

    Entry pop() {
      Entry top = heap[0];
      Entry last = heap[--size];
      long time = times[size];
      int at = 0;
      while (true) {
        int first = (at << 2) + 1;
        if (first >= size) {
          break;
        }
        int least = first;
        int end = Math.min(first + 4, size);
        for (int child = first + 1; child < end; child++) {
          if (before(heap[child], times[child], least)) {
            least = child;
          }
        }
        if (!before(heap[least], times[least], size)) {
          break;
        }
        put(at, heap[least], times[least]);
        at = least;
      }
      put(at, last, time);
      return top;
    }
  }
}
