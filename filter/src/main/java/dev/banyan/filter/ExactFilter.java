package dev.banyan.filter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// The exact filter: an open-addressed multiset of tags with linear probing and backward-shift deletion (Knuth, TAOCP
/// vol. 3, §6.4, algorithm R). 12 bytes a slot, at most 2/3 full, no garbage per operation; shrinks when less than 1/8
/// full. An empty slot holds tag 0, so that a question reads one array; tag 0 itself is counted aside.
public final class ExactFilter implements CountingFilter, EnumerableFilter {

  static final byte FORMAT = 1;
  private static final int MIN_CAPACITY = 2;
  private static final int HEADER_BYTES = 5;

  // What every empty filter has, and none writes to: a tree has several for each link, most of them
  // empty.
  private static final long[] NO_TAGS = new long[1];
  private static final int[] NO_COUNTS = new int[1];

  private long[] tags = NO_TAGS;
  private int[] counts = NO_COUNTS;
  private final long seed;
  private int size;
  private int zeros;

  /// For tags that nobody chooses to do harm.
  public ExactFilter() {
    this(0);
  }

  /// @param seed mixed into the places of tags: with one that nobody outside knows, nobody can choose tags that collide
  public ExactFilter(long seed) {
    this.seed = seed;
  }

  @Override
  public boolean mightContain(long tag) {
    return tag == 0 ? zeros != 0 : tags[slotOf(tag)] != 0;
  }

  @Override
  public boolean add(long tag) {
    if (tag == 0) {
      size += zeros == 0 ? 1 : 0;
      return zeros++ == 0;
    }
    if (tags.length < MIN_CAPACITY) {
      tags = new long[MIN_CAPACITY];
      counts = new int[MIN_CAPACITY];
    }
    int slot = slotOf(tag);
    if (counts[slot]++ != 0) {
      return false;
    }
    tags[slot] = tag;
    size++;
    if (size * 3L > tags.length * 2L) {
      resize(tags.length * 2);
    }
    return true;
  }

  @Override
  public boolean remove(long tag) {
    if (tag == 0) {
      size -= zeros == 1 ? 1 : 0;
      return zeros != 0 && --zeros == 0;
    }
    int slot = slotOf(tag);
    if (tags[slot] == 0 || --counts[slot] != 0) {
      return false;
    }
    size--;
    closeGap(slot);
    if (tags.length > MIN_CAPACITY && size * 8L < tags.length) {
      resize(tags.length / 2);
    }
    return true;
  }

  @Override
  public void union(InterestFilter other) {
    if (!(other instanceof ExactFilter exact)) {
      throw new IllegalArgumentException("an exact filter takes in exact filters only");
    }
    exact.forEach(this::add);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public double falsePositiveRate() {
    return 0;
  }

  @Override
  public long sizeBytes() {
    int headers = 2 * 16;
    return (long) Math.max(MIN_CAPACITY, tags.length) * (Long.BYTES + Integer.BYTES) + headers;
  }

  @Override
  public int fingerprintBits() {
    return Long.SIZE;
  }

  @Override
  public void forEach(LongConsumer visitor) {
    if (zeros != 0) {
      visitor.accept(0);
    }
    for (long tag : tags) {
      if (tag != 0) {
        visitor.accept(tag);
      }
    }
  }

  /// Removes every member.
  public void clear() {
    if (size == 0) {
      return;
    }
    tags = NO_TAGS;
    counts = NO_COUNTS;
    size = 0;
    zeros = 0;
  }

  /// The members in ascending order.
  public long[] toSortedArray() {
    long[] sorted = new long[size];
    int n = zeros == 0 ? 0 : 1;
    for (long tag : tags) {
      if (tag != 0) {
        sorted[n++] = tag;
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  @Override
  public byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + size * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put(FORMAT).putInt(size);
    for (long tag : toSortedArray()) {
      out.putLong(tag);
    }
    return out.array();
  }

  static ExactFilter decode(byte[] bytes, int maxTags) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_BYTES) {
      throw new IllegalArgumentException("an exact filter is at least " + HEADER_BYTES + " bytes");
    }
    int count = in.position(1).getInt();
    if (count < 0 || count > maxTags) {
      throw new IllegalArgumentException(count + " tags, at most " + maxTags + " are taken");
    }
    if (bytes.length != HEADER_BYTES + (long) count * Long.BYTES) {
      throw new IllegalArgumentException(count + " tags do not fill " + bytes.length + " bytes");
    }
    ExactFilter filter = new ExactFilter();
    long previous = 0;
    for (int i = 0; i < count; i++) {
      long tag = in.getLong();
      if (i > 0 && tag <= previous) {
        throw new IllegalArgumentException("tags are not in ascending order");
      }
      previous = tag;
      filter.add(tag);
    }
    return filter;
  }

  /// The slot that holds the tag, or the empty one where it would go.
  private int slotOf(long tag) {
    int mask = tags.length - 1;
    int slot = home(tag, mask);
    long found = tags[slot];
    while (found != tag && found != 0) {
      slot = (slot + 1) & mask;
      found = tags[slot];
    }
    return slot;
  }

  private void closeGap(int gap) {
    int mask = tags.length - 1;
    int next = (gap + 1) & mask;
    while (tags[next] != 0) {
      int distanceFromHome = (next - home(tags[next], mask)) & mask;
      if (distanceFromHome >= ((next - gap) & mask)) {
        tags[gap] = tags[next];
        counts[gap] = counts[next];
        gap = next;
      }
      next = (next + 1) & mask;
    }
    tags[gap] = 0;
    counts[gap] = 0;
  }

  private void resize(int capacity) {
    long[] oldTags = tags;
    int[] oldCounts = counts;
    tags = new long[capacity];
    counts = new int[capacity];
    for (int i = 0; i < oldTags.length; i++) {
      if (oldTags[i] != 0) {
        int slot = slotOf(oldTags[i]);
        tags[slot] = oldTags[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  private int home(long tag, int mask) {
    return (int) Hash.mix(tag ^ seed) & mask;
  }
}
