package dev.banyan.protocol.link;

import dev.banyan.filter.ExactFilter;
import dev.banyan.filter.QuotientFilter;
import dev.banyan.filter.TagChange;
import dev.banyan.protocol.Tags;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A set of tags cut to their first bits. Few are kept in a hash table; many in a quotient filter, whose fingerprints are
/// the cut tags themselves, so that it is exact in them, and takes a tenth of the room.
///
/// A quotient filter is quick while its fingerprints are spread evenly, and whoever sends tags may choose them. So it is
/// given them permuted, by a secret of this node; all but their last bits, by which few can be crowded.
final class CutTags {

  /// A set that falls to this part of the size from which it is kept as a filter is so no more.
  private static final int SHRINK = 4;

  private final long seed;
  private final int bits;
  private final int most;
  private final long multiplier;
  private final long inverse;

  /// How many bits at the end of a tag, and those behind it, are not permuted, and those that are.
  private final int kept;

  private final long last;
  private final long mask;
  private final int half;
  private ExactFilter few;
  private @Nullable QuotientFilter many;

  /// @param bits how many leading bits of a tag are told apart
  /// @param most how many tags to keep in a table
  CutTags(int bits, int most, long seed) {
    this.bits = bits;
    this.most =
        bits == Tags.BITS || bits < QuotientFilter.MIN_FINGERPRINT_BITS ? Integer.MAX_VALUE : most;
    this.seed = seed;
    multiplier = seed | 1;
    inverse = inverse(multiplier);
    int first = Math.max(1, bits - TagChange.MAX_CUT);
    kept = Long.SIZE - first;
    last = ~(-1L << kept);
    mask = -1L >>> kept;
    half = (first + 1) / 2;
    few = new ExactFilter(seed);
  }

  int size() {
    return many == null ? few.size() : many.size();
  }

  long sizeBytes() {
    return many == null ? few.sizeBytes() : many.sizeBytes();
  }

  boolean contains(long cutTag) {
    return many == null ? few.mightContain(cutTag) : many.mightContain(permuted(cutTag));
  }

  /// So many more are about to come: a filter makes room at once, not again and again.
  void expect(int more) {
    if (many != null) {
      many.reserve(Math.addExact(many.size(), more));
      many.reserve(0);
    }
  }

  /// @return whether it was not there
  boolean add(long cutTag) {
    if (contains(cutTag)) {
      return false;
    }
    if (many != null) {
      many.add(permuted(cutTag));
    } else {
      few.add(cutTag);
      if (few.size() > most) {
        becomeMany();
      }
    }
    return true;
  }

  /// @return whether it was there
  boolean remove(long cutTag) {
    if (many == null) {
      return few.remove(cutTag);
    }
    if (!contains(cutTag)) {
      return false;
    }
    many.remove(permuted(cutTag));
    if (many.size() <= most / SHRINK) {
      becomeFew(many);
    }
    return true;
  }

  private void becomeMany() {
    QuotientFilter filter = new QuotientFilter(bits);
    filter.reserve(few.size());
    few.forEach(tag -> filter.add(permuted(tag)));
    many = filter;
    few = new ExactFilter(seed);
  }

  private void becomeFew(QuotientFilter filter) {
    ExactFilter table = new ExactFilter(seed);
    filter.forEach(permuted -> table.add(restored(permuted)));
    few = table;
    many = null;
  }

  /// The members that begin alike, ascending.
  ///
  /// @param beginning of a cut tag, without its last `cut` bits
  /// @param cut at most [TagChange#MAX_CUT]
  /// @param into has room for 2^cut
  /// @return how many there are
  int members(long beginning, int cut, long[] into) {
    if (many != null) {
      // What a tag begins with is permuted, and it begins with the same bits then.
      int count = many.members(permuted(beginning), bits - cut, into);
      for (int i = 0; i < count; i++) {
        into[i] = restored(into[i]);
      }
      return count;
    }
    int count = 0;
    for (long i = 0; i < 1L << cut; i++) {
      long tag = beginning | i << (Long.SIZE - bits);
      if (contains(tag)) {
        into[count++] = tag;
      }
    }
    return count;
  }

  /// The tags that a change removes, whole; fewer than it names, if one is not there: [TagChange] says how they are named.
  long[] removed(TagChange change) {
    long[] removed = change.removed();
    if (change.cut() == 0) {
      return removed;
    }
    long[] found = new long[removed.length];
    long[] alike = new long[1 << TagChange.MAX_CUT];
    int members = 0;
    int before = 0;
    for (int i = 0; i < removed.length; i++) {
      if (i == 0 || removed[i] != removed[i - 1]) {
        members = members(removed[i], change.cut(), alike);
        before = 0;
      }
      int rank = change.places()[i] + before++;
      if (rank >= members) {
        return Arrays.copyOf(found, i);
      }
      found[i] = alike[rank];
    }
    return found;
  }

  void forEach(LongConsumer visitor) {
    if (many == null) {
      few.forEach(visitor);
    } else {
      many.forEach(permuted -> visitor.accept(restored(permuted)));
    }
  }

  /// The members, ascending.
  long[] toSortedArray() {
    long[] sorted = new long[size()];
    int[] n = {0};
    forEach(tag -> sorted[n[0]++] = tag);
    Arrays.sort(sorted);
    return sorted;
  }

  // Multiplying by an odd number and folding the upper half into the lower are bijections on the
  // numbers of so many bits. The last bits stay as they are, so that tags which begin alike lie
  // side by side.

  private long permuted(long cutTag) {
    long number = cutTag >>> kept;
    number = number * multiplier & mask;
    number ^= number >>> half;
    number = number * multiplier & mask;
    return number << kept | cutTag & last;
  }

  private long restored(long permuted) {
    long number = permuted >>> kept;
    number = number * inverse & mask;
    number ^= number >>> half;
    number = number * inverse & mask;
    return number << kept | permuted & last;
  }

  /// Of an odd number, modulo 2^64, by Newton's iteration: each step doubles the bits that are right, of which an odd
  /// number has three of its own inverse.
  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
