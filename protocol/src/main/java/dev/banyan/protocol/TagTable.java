package dev.banyan.protocol;

import java.util.function.LongConsumer;

/// For every tag the subtree wants, cut to the node's [Resolution]: which of the node's own slots (children, and the node
/// itself) want it, if it is one, and what the parent said of it. A change of one slot's interest costs the same with two
/// slots as with two thousand, because the only slot whose answer it can change is found by arithmetic: n numbers are all
/// equal exactly when n times the sum of their squares is the square of their sum (Cauchy and Schwarz).
///
/// A slot may want several tags that look the same here, and wants such a tag as often.
final class TagTable {

  /// What a change of one slot's interest means for a tag.
  enum Change {
    /// Nobody wanted it before.
    FIRST,
    /// Nobody wants it any more.
    LAST,
    /// One slot alone wanted it, and now a second does.
    SHARED,
    /// Several slots wanted it, and now one alone does.
    SOLE,
    /// None of these.
    NOTHING
  }

  private static final int MIN_CAPACITY = 8;

  private long[] tags = new long[MIN_CAPACITY];
  private int[] counts = new int[MIN_CAPACITY];
  private long[] sums = new long[MIN_CAPACITY];
  private long[] squares = new long[MIN_CAPACITY];
  private int[] versions = new int[MIN_CAPACITY];
  private boolean[] wanted = new boolean[MIN_CAPACITY];
  private final long seed;
  private int size;
  private long hash;

  /// @param seed mixed into the places of tags, so that nobody outside can choose tags that collide
  TagTable(long seed) {
    this.seed = seed;
  }

  int size() {
    return size;
  }

  /// Hash of the set of tags: see [Tags#hashOf].
  long hash() {
    return hash;
  }

  boolean contains(long tag) {
    return counts[index(tag)] > 0;
  }

  /// Whether two slots or more want the tag.
  boolean isShared(long tag) {
    return isShared(index(tag));
  }

  private boolean isShared(int i) {
    return counts[i] * squares[i] != sums[i] * sums[i];
  }

  /// The slot that wants the tag, if it is exactly one; else 0, which is nobody's.
  int soleHolder(long tag) {
    int i = index(tag);
    return counts[i] == 0 || isShared(i) ? 0 : (int) (sums[i] / counts[i]);
  }

  /// The slot that alone wanted the tag before this one wanted it once.
  int otherHolder(long tag, int slot) {
    int i = index(tag);
    return (int) ((sums[i] - slot) / (counts[i] - 1));
  }

  /// A slot wants the tag, once more.
  ///
  /// @param version the version of our own interest that will carry the tag, if it is new
  Change add(long tag, int slot, long version) {
    int i = index(tag);
    boolean shared = isShared(i);
    counts[i]++;
    sums[i] += slot;
    squares[i] += (long) slot * slot;
    if (counts[i] > 1) {
      return !shared && isShared(i) ? Change.SHARED : Change.NOTHING;
    }
    tags[i] = tag;
    versions[i] = saturated(version);
    wanted[i] = false;
    hash ^= Tags.hashOf(tag);
    size++;
    if (size * 3L > tags.length * 2L) {
      resize(tags.length * 2);
    }
    return Change.FIRST;
  }

  /// A slot wants the tag once less; it must have wanted it.
  Change remove(long tag, int slot) {
    int i = index(tag);
    if (counts[i] == 0) {
      throw new IllegalStateException("nobody wants this tag");
    }
    boolean shared = isShared(i);
    counts[i]--;
    sums[i] -= slot;
    squares[i] -= (long) slot * slot;
    if (counts[i] > 0) {
      return shared && !isShared(i) ? Change.SOLE : Change.NOTHING;
    }
    hash ^= Tags.hashOf(tag);
    size--;
    closeGap(i);
    if (tags.length > MIN_CAPACITY && size * 8L < tags.length) {
      resize(tags.length / 2);
    }
    return Change.LAST;
  }

  void clear() {
    allocate(MIN_CAPACITY);
    size = 0;
    hash = 0;
  }

  /// Whether somebody outside the subtree wants the tag, as far as the parent has said.
  boolean wantedOutside(long tag) {
    int i = index(tag);
    return counts[i] > 0 && wanted[i];
  }

  /// What the parent has said of the tag, if anything.
  ///
  /// @param answered the version up to which it has answered
  Message.Upward outside(long tag, long answered) {
    int i = index(tag);
    if (counts[i] == 0) {
      return Message.Upward.UNKNOWN;
    }
    if (wanted[i]) {
      return Message.Upward.WANTED;
    }
    return versions[i] <= answered ? Message.Upward.UNWANTED : Message.Upward.UNANSWERED;
  }

  /// The version of our own interest that carried the tag first.
  long version(long tag) {
    return versions[index(tag)];
  }

  /// Takes the parent's word, unless it is about an earlier advertisement of the tag.
  ///
  /// @return whether that changed anything
  boolean setWanted(long tag, boolean now, long answers) {
    int i = index(tag);
    if (counts[i] == 0 || versions[i] > answers || wanted[i] == now) {
      return false;
    }
    wanted[i] = now;
    return true;
  }

  /// Forgets what the parent said; every tag counts as carried by this version.
  void forgetWanted(long version) {
    for (int i = 0; i < tags.length; i++) {
      wanted[i] = false;
      versions[i] = saturated(version);
    }
  }

  /// The tag was touched by a change that is still to be sent: only an answer to that version is about it.
  void setVersion(long tag, long version) {
    versions[index(tag)] = saturated(version);
  }

  void forEach(LongConsumer visitor) {
    for (int i = 0; i < tags.length; i++) {
      if (counts[i] > 0) {
        visitor.accept(tags[i]);
      }
    }
  }

  long[] toArray() {
    long[] all = new long[size];
    int n = 0;
    for (int i = 0; i < tags.length; i++) {
      if (counts[i] > 0) {
        all[n++] = tags[i];
      }
    }
    return all;
  }

  private static int saturated(long version) {
    return (int) Math.min(version, Integer.MAX_VALUE);
  }

  private int index(long tag) {
    int mask = tags.length - 1;
    int i = home(tag, mask);
    while (counts[i] != 0 && tags[i] != tag) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private void closeGap(int gap) {
    int mask = tags.length - 1;
    for (int next = (gap + 1) & mask; counts[next] != 0; next = (next + 1) & mask) {
      int distanceFromHome = (next - home(tags[next], mask)) & mask;
      if (distanceFromHome >= ((next - gap) & mask)) {
        move(next, gap);
        gap = next;
      }
    }
    counts[gap] = 0;
    sums[gap] = 0;
    squares[gap] = 0;
  }

  private void move(int from, int to) {
    tags[to] = tags[from];
    counts[to] = counts[from];
    sums[to] = sums[from];
    squares[to] = squares[from];
    versions[to] = versions[from];
    wanted[to] = wanted[from];
  }

  private void allocate(int capacity) {
    tags = new long[capacity];
    counts = new int[capacity];
    sums = new long[capacity];
    squares = new long[capacity];
    versions = new int[capacity];
    wanted = new boolean[capacity];
  }

  private void resize(int capacity) {
    long[] oldTags = tags;
    int[] oldCounts = counts;
    long[] oldSums = sums;
    long[] oldSquares = squares;
    int[] oldVersions = versions;
    boolean[] oldWanted = wanted;
    allocate(capacity);
    for (int i = 0; i < oldTags.length; i++) {
      if (oldCounts[i] != 0) {
        int to = index(oldTags[i]);
        tags[to] = oldTags[i];
        counts[to] = oldCounts[i];
        sums[to] = oldSums[i];
        squares[to] = oldSquares[i];
        versions[to] = oldVersions[i];
        wanted[to] = oldWanted[i];
      }
    }
  }

  private int home(long tag, int mask) {
    return (int) Tags.mix(tag ^ seed) & mask;
  }
}
