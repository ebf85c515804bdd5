package dev.banyan.filter;

import java.util.Arrays;

/// What makes one version of a tag set into the next, for a receiver that has the former: the removed tags as their
/// places in the former set (an index of a million says in 20 bits what a prefix says in 30), the added ones as prefixes,
/// both as gaps ([GapWriter]). Where the whole new set is shorter, that is sent ([TagSetCodec]); the first bit tells.
/// Sets are as [TagSetCodec] describes them; both versions have the same width, which is not sent.
///
/// ```
/// bit     1 (an encoded set starts with a 0, as widths end at 64)
/// bits    1 + number of removed, then 1 + number of added, both in Elias's delta code (IEEE Trans. Inf. Theory 1975)
/// bits    for each removed tag, ascending: the gap code of its index in the former set
/// bits    for each added prefix p, ascending: the gap code of (p xor 2^63) >>> (64 - width)
/// bits    zeros up to the next whole byte
/// ```
///
/// A hundred changes of a million tags at width 30 cost 25 bits each when all are additions, 15 when all are removals.
public final class TagDeltaCodec {

  private static final int DELTA = 0x80;
  private static final long[] NONE = {};

  private TagDeltaCodec() {}

  /// Tags that came and tags that went; both ascending, none in both.
  public record Change(long[] added, long[] removed) {}

  /// The change from one set to the other.
  public static Change between(long[] former, long[] latter) {
    return new Change(without(latter, former), without(former, latter));
  }

  /// The change as bytes, or the whole of the latter set where that is shorter.
  ///
  /// @throws IllegalArgumentException when one of the arrays is no set of this width
  public static byte[] encode(long[] former, long[] latter, int width) {
    TagSetCodec.checkWidth(width);
    TagSetCodec.checkSet(former, width);
    byte[] delta = encode(former, between(former, latter), width);
    // No set takes less than a bit a tag, so most deltas need not be compared with it.
    if (delta.length < latter.length / 8) {
      return delta;
    }
    byte[] whole = TagSetCodec.encode(latter, width);
    return whole.length < delta.length ? whole : delta;
  }

  /// The change as bytes, at a cost that depends on the size of the change (and the logarithm of the set's).
  ///
  /// @param former ascending
  /// @param change removes only what the former set has
  /// @throws IllegalArgumentException when the change is none for this set, or has tags of another width
  public static byte[] encode(long[] former, Change change, int width) {
    TagSetCodec.checkWidth(width);
    TagSetCodec.checkSet(change.removed, width);
    TagSetCodec.checkSet(change.added, width);
    int changed = change.removed.length + change.added.length;
    BitWriter out = new BitWriter(TagSetCodec.expectedBytes(changed, width) + 2 * Long.BYTES);
    out.put(1, 1);
    putCount(out, change.removed.length);
    putCount(out, change.added.length);
    GapWriter places = new GapWriter(out, former.length - 1L, change.removed.length);
    for (long tag : change.removed) {
      int place = Arrays.binarySearch(former, tag);
      if (place < 0) {
        throw new IllegalArgumentException("the former set lacks a tag that is to be removed");
      }
      places.put(place);
    }
    for (long tag : change.added) {
      if (Arrays.binarySearch(former, tag) >= 0) {
        throw new IllegalArgumentException("the former set has a tag that is to be added");
      }
    }
    TagSetCodec.putAll(out, change.added, width);
    return out.toBytes();
  }

  /// What changes, from what [#encode] wrote: a delta or a whole set. Allocates eight bytes for each tag it returns, which
  /// are no more than the former set and `maxTags` together, and of a delta no more than the bytes have bits.
  ///
  /// @param former the set the sender had in mind, ascending
  /// @param maxTags the most tags the latter set may have
  /// @throws IllegalArgumentException on anything that is no change of this set, with one line saying what is wrong
  public static Change decode(long[] former, int width, byte[] bytes, int maxTags) {
    TagSetCodec.checkWidth(width);
    if (bytes.length == 0 || (bytes[0] & DELTA) == 0) {
      if (TagSetCodec.width(bytes) != width) {
        throw new IllegalArgumentException(
            "a set of width " + bytes[0] + " in place of one of width " + width);
      }
      return between(former, TagSetCodec.decode(bytes, maxTags));
    }
    BitReader in = new BitReader(bytes, 0);
    in.skip(1);
    int removals = readCount(in, former.length);
    int additions = readCount(in, maxTags - former.length + removals);
    long[] removed = readRemoved(in, former, removals);
    long[] added = TagSetCodec.readAll(in, additions, width);
    in.finish();
    for (long tag : added) {
      if (Arrays.binarySearch(former, tag) >= 0) {
        throw new IllegalArgumentException("a tag is added that is there already");
      }
    }
    return new Change(added, removed);
  }

  /// The latter set, from the former and what changes.
  public static long[] apply(long[] former, Change change) {
    long[] latter = new long[former.length - change.removed.length + change.added.length];
    int next = 0;
    int removal = 0;
    int addition = 0;
    for (long tag : former) {
      if (removal < change.removed.length && change.removed[removal] == tag) {
        removal++;
        continue;
      }
      while (addition < change.added.length && change.added[addition] < tag) {
        latter[next++] = change.added[addition++];
      }
      latter[next++] = tag;
    }
    System.arraycopy(change.added, addition, latter, next, change.added.length - addition);
    return latter;
  }

  private static long[] readRemoved(BitReader in, long[] former, int count) {
    if (count == 0) {
      return NONE;
    }
    TagSetCodec.checkRoom(in, count);
    GapReader places = new GapReader(in, former.length - 1L, count);
    long[] removed = new long[count];
    for (int i = 0; i < count; i++) {
      removed[i] = former[(int) places.next()];
    }
    return removed;
  }

  /// The members of one ascending array that another lacks.
  private static long[] without(long[] set, long[] other) {
    long[] found = new long[Math.min(set.length, 16)];
    int count = 0;
    int at = 0;
    for (long tag : set) {
      while (at < other.length && other[at] < tag) {
        at++;
      }
      if (at == other.length || other[at] != tag) {
        if (count == found.length) {
          found = Arrays.copyOf(found, Math.min(set.length, 2 * count));
        }
        found[count++] = tag;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static void putCount(BitWriter out, int count) {
    long number = count + 1L;
    int bits = GapWriter.bitLength(number);
    int length = GapWriter.bitLength(bits);
    out.put(0, length - 1);
    out.put(bits, length);
    out.put(number ^ (1L << (bits - 1)), bits - 1);
  }

  private static int readCount(BitReader in, int max) {
    int zeros = Long.numberOfLeadingZeros(in.peek());
    if (zeros > 5) {
      throw new IllegalArgumentException("a count of more than 32 bits");
    }
    in.skip(zeros);
    int bits = (int) in.read(zeros + 1);
    if (bits > Integer.SIZE) {
      throw new IllegalArgumentException("a count of more than 32 bits");
    }
    long count = (1L << (bits - 1) | in.read(bits - 1)) - 1;
    if (count > max) {
      throw new IllegalArgumentException(count + " changes, at most " + max + " are possible");
    }
    return (int) count;
  }
}
