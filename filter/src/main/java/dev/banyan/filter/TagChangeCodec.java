package dev.banyan.filter;

/// A [TagChange] on the wire.
///
/// ```
/// byte    width
/// bits    1 + number of added, then 1 + number of removed, both in Elias's delta code (IEEE Trans. Inf. Theory 1975)
/// bits    the added tags, as in a set (TagSetCodec)
/// bits    if any are removed: in 4 bits how many bits they are cut by, then what is left of them, likewise,
///         then, if anything is cut, for each its place: so many ones, and a zero
/// bits    zeros up to the next whole byte
/// ```
///
/// Of a million tags at width 30 an added one costs 25 bits in a change of a hundred, a removed one 18; that is as near to
/// the entropy as makes no difference for the added (24.8), and 3.4 bits above it for the removed (14.7): a receiver would
/// have to know the rank of each member among all of them.
public final class TagChangeCodec {

  private static final int CUT_BITS = 4;

  private TagChangeCodec() {}

  public static byte[] encode(TagChange change) {
    int width = change.width();
    long[] removed = change.removed();
    int changed = change.added().length + removed.length;
    BitWriter out = new BitWriter(TagSetCodec.expectedBytes(changed, width) + 2 * Long.BYTES);
    out.put(width, Byte.SIZE);
    putCount(out, change.added().length);
    putCount(out, removed.length);
    NumberRun.put(out, change.added(), width, false);
    if (removed.length > 0) {
      int cut = change.cut();
      out.put(cut, CUT_BITS);
      NumberRun.put(out, removed, width - cut, cut > 0);
      for (int place : change.places()) {
        out.put((2L << place) - 2, place + 1);
      }
    }
    return out.toBytes();
  }

  /// Allocates twelve bytes a tag, for no more tags than are taken and than the bytes have bits.
  ///
  /// @param maxTags the most tags to take, added and removed together
  /// @throws IllegalArgumentException on anything [#encode] does not write, with one line saying what is wrong
  public static TagChange decode(byte[] bytes, int maxTags) {
    int width = TagSetCodec.width(bytes);
    BitReader in = new BitReader(bytes, 1);
    int additions = readCount(in, maxTags);
    int removals = readCount(in, maxTags - additions);
    long[] added = TagSetCodec.readAll(in, additions, width);
    int cut = removals == 0 ? 0 : (int) in.read(CUT_BITS);
    if (cut > TagChange.MAX_CUT || cut >= width) {
      throw new IllegalArgumentException("tags of " + width + " bits without " + cut);
    }
    if (cut > 0 && removals > TagChange.MAX_FOUND) {
      throw new IllegalArgumentException(removals + " tags to be found by their first bits");
    }
    TagSetCodec.checkRoom(in, removals);
    long[] removed = new long[removals];
    NumberRun.read(in, removed, width - cut, cut > 0);
    int[] places = new int[cut == 0 ? 0 : removals];
    for (int i = 0; i < places.length; i++) {
      places[i] = readPlace(in);
    }
    in.finish();
    return new TagChange(width, added, cut, removed, places);
  }

  private static int readPlace(BitReader in) {
    int ones = Long.numberOfLeadingZeros(~in.peek());
    if (ones >= TagChange.MAX_PLACES) {
      throw new IllegalArgumentException("a tag behind too many that begin alike");
    }
    in.skip(ones + 1);
    return ones;
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
      throw new IllegalArgumentException(count + " tags, at most " + max + " are taken");
    }
    return (int) count;
  }
}
