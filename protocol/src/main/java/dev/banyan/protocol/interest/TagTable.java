package dev.banyan.protocol.interest;

import dev.banyan.filter.TagChange;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Tags;
import java.util.Arrays;
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

  private static final int MIN_CAPACITY = 2;

  /// How many places are read together, and from which capacity on: smaller tables are in the cache anyway.
  private static final int AHEAD = 32;

  private static final int AHEAD_FROM = 1 << 15;

  // A slot is four words side by side, as most of what is asked of it needs them all, and with
  // millions of tags each separate array would cost a cache miss of its own.
  private static final int WORDS = 4;
  private static final int SUM = 1;
  private static final int SQUARES = 2;

  /// The word that holds the count (upper half, 0 for a free slot), [#WANTED] and the version (lower 31 bits).
  private static final int STATE = 3;

  private static final long ONE = 1L << 32;
  private static final long WANTED = 1L << 31;
  private static final long VERSION = WANTED - 1;

  private long[] words = new long[MIN_CAPACITY * WORDS];
  private final long seed;

  // Tags that begin alike, all but for the last 8 of the bits that are told apart, have their homes
  // side by side: whoever asks for one of them asks for its neighbours next (Removals). So does a
  // tag with the one that asks about it.
  private int alikeShift;
  private int lastShift;
  private int lastMask;

  private int size;
  private long hash;

  /// What was read ahead, or the compiler would see that nobody needs it.
  private long readAhead;

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
    return count(index(tag)) > 0;
  }

  /// Whether two slots or more want the tag.
  boolean isShared(long tag) {
    return isShared(index(tag));
  }

  private boolean isShared(int i) {
    return count(i) * words[i + SQUARES] != words[i + SUM] * words[i + SUM];
  }

  /// The slot that wants the tag, if it is exactly one; else 0, which is nobody's.
  int soleHolder(long tag) {
    int i = index(tag);
    return count(i) == 0 || isShared(i) ? 0 : (int) (words[i + SUM] / count(i));
  }

  /// The slot that alone wanted the tag before this one wanted it once.
  int otherHolder(long tag, int slot) {
    int i = index(tag);
    return (int) ((words[i + SUM] - slot) / (count(i) - 1));
  }

  /// A slot wants the tag, once more.
  ///
  /// @param version the version of our own interest that will carry the tag, if it is new
  Change add(long tag, int slot, long version) {
    int i = index(tag);
    boolean shared = isShared(i);
    words[i + STATE] += ONE;
    words[i + SUM] += slot;
    words[i + SQUARES] += (long) slot * slot;
    if (count(i) > 1) {
      return !shared && isShared(i) ? Change.SHARED : Change.NOTHING;
    }
    words[i] = tag;
    words[i + STATE] = ONE | saturated(version);
    hash ^= Tags.hashOf(tag);
    size++;
    if (size * 3L > capacity() * 2L) {
      resize(capacity() * 2);
    }
    return Change.FIRST;
  }

  /// A slot wants the tag once less; it must have wanted it.
  Change remove(long tag, int slot) {
    int i = index(tag);
    if (count(i) == 0) {
      throw new IllegalStateException("nobody wants this tag");
    }
    boolean shared = isShared(i);
    words[i + STATE] -= ONE;
    words[i + SUM] -= slot;
    words[i + SQUARES] -= (long) slot * slot;
    if (count(i) > 0) {
      return shared && !isShared(i) ? Change.SOLE : Change.NOTHING;
    }
    hash ^= Tags.hashOf(tag);
    size--;
    closeGap(i);
    if (capacity() > MIN_CAPACITY && size * 8L < capacity()) {
      resize(capacity() / 2);
    }
    return Change.LAST;
  }

  /// Empty again.
  ///
  /// @param bits how many leading bits of the tags to come are told apart
  void clear(int bits) {
    boolean cut = bits < Tags.BITS;
    lastShift = Long.SIZE - bits;
    alikeShift = cut ? lastShift + TagChange.MAX_CUT : 0;
    lastMask = cut ? (1 << TagChange.MAX_CUT) - 1 : 0;
    words = new long[MIN_CAPACITY * WORDS];
    size = 0;
    hash = 0;
  }

  /// So many more tags are about to come: room is made at once, not again and again.
  void expect(int more) {
    int capacity = capacity();
    while ((long) (size + more) * 3 > capacity * 2L) {
      capacity *= 2;
    }
    if (capacity != capacity()) {
      resize(capacity);
    }
  }

  /// To be called before each of many tags is looked up: now and then reads the places of those that follow. They lie
  /// anywhere in a large table, and the processor waits for many at a time as long as for one.
  void readAhead(long[] tags, int from) {
    int mask = capacity() - 1;
    if (from % AHEAD != 0 || mask < AHEAD_FROM) {
      return;
    }
    int to = Math.min(tags.length, from + AHEAD);
    long read = 0;
    for (int i = from; i < to; i++) {
      read ^= words[home(tags[i], mask) * WORDS];
    }
    readAhead = read;
  }

  /// Whether somebody outside the subtree wants the tag, as far as the parent has said.
  boolean wantedOutside(long tag) {
    int i = index(tag);
    return count(i) > 0 && (words[i + STATE] & WANTED) != 0;
  }

  /// Whether several slots want the tag, or somebody outside the subtree does.
  boolean wantedElsewhere(long tag) {
    int i = index(tag);
    return count(i) > 0 && ((words[i + STATE] & WANTED) != 0 || isShared(i));
  }

  /// Whether a slot other than this one wants the tag.
  boolean wantedByOther(long tag, int slot) {
    int i = index(tag);
    return count(i) > 0 && (isShared(i) || words[i + SUM] != count(i) * slot);
  }

  /// What the parent has said of the tag, if anything.
  ///
  /// @param answered the version up to which it has answered
  Message.Upward outside(long tag, long answered) {
    int i = index(tag);
    if (count(i) == 0) {
      return Message.Upward.UNKNOWN;
    }
    if ((words[i + STATE] & WANTED) != 0) {
      return Message.Upward.WANTED;
    }
    return version(i) <= answered ? Message.Upward.UNWANTED : Message.Upward.UNANSWERED;
  }

  /// The version of our own interest that carried the tag first; 0 if nobody wants it.
  long version(long tag) {
    return version(index(tag));
  }

  /// Takes the parent's word, unless it is about an earlier advertisement of the tag.
  ///
  /// @return whether that changed anything
  boolean setWanted(long tag, boolean now, long answers) {
    int i = index(tag);
    boolean before = (words[i + STATE] & WANTED) != 0;
    if (count(i) == 0 || version(i) > answers || before == now) {
      return false;
    }
    words[i + STATE] ^= WANTED;
    return true;
  }

  /// Forgets what the parent said; every tag counts as carried by this version.
  void forgetWanted(long version) {
    for (int i = 0; i < words.length; i += WORDS) {
      if (count(i) > 0) {
        words[i + STATE] = count(i) * ONE | saturated(version);
      }
    }
  }

  /// The tag was touched by a change that is still to be sent: only an answer to that version is about it.
  void setVersion(long tag, long version) {
    int i = index(tag);
    if (count(i) > 0) {
      words[i + STATE] = words[i + STATE] & ~VERSION | saturated(version);
    }
  }

  void forEach(LongConsumer visitor) {
    for (int i = 0; i < words.length; i += WORDS) {
      if (count(i) > 0) {
        visitor.accept(words[i]);
      }
    }
  }

  long[] toArray() {
    long[] all = new long[size];
    int n = 0;
    for (int i = 0; i < words.length; i += WORDS) {
      if (count(i) > 0) {
        all[n++] = words[i];
      }
    }
    return all;
  }

  private long count(int i) {
    return words[i + STATE] >>> 32;
  }

  private long version(int i) {
    return words[i + STATE] & VERSION;
  }

  private static long saturated(long version) {
    return Math.min(version, VERSION);
  }

  private int capacity() {
    return words.length / WORDS;
  }

  /// Where the tag's words begin, or those of the free slot where it would go.
  private int index(long tag) {
    int mask = capacity() - 1;
    int slot = home(tag, mask);
    while (count(slot * WORDS) != 0 && words[slot * WORDS] != tag) {
      slot = (slot + 1) & mask;
    }
    return slot * WORDS;
  }

  private void closeGap(int free) {
    int mask = capacity() - 1;
    int gap = free / WORDS;
    for (int next = (gap + 1) & mask; count(next * WORDS) != 0; next = (next + 1) & mask) {
      int distanceFromHome = (next - home(words[next * WORDS], mask)) & mask;
      if (distanceFromHome >= ((next - gap) & mask)) {
        System.arraycopy(words, next * WORDS, words, gap * WORDS, WORDS);
        gap = next;
      }
    }
    Arrays.fill(words, gap * WORDS, (gap + 1) * WORDS, 0);
  }

  private void resize(int capacity) {
    long[] old = words;
    words = new long[capacity * WORDS];
    for (int i = 0; i < old.length; i += WORDS) {
      if (old[i + STATE] >>> 32 != 0) {
        System.arraycopy(old, i, words, index(old[i]), WORDS);
      }
    }
  }

  private int home(long tag, int mask) {
    int last = (int) (tag >>> lastShift) & lastMask;
    long beginning = Tags.askedBy(tag) >>> alikeShift;
    return (int) Tags.mix(beginning ^ seed) + last & mask;
  }
}
