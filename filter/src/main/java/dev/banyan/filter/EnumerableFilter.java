package dev.banyan.filter;

import java.util.Arrays;
import java.util.function.LongConsumer;

/// A filter that can tell its members, as far as it knows them: the first [#fingerprintBits] bits of each tag, the rest
/// zero. So it can be sent ([TagSetCodec]), compared and merged without the original tags.
public interface EnumerableFilter extends InterestFilter {

  /// How many leading bits of its tags the filter knows; 64 when it is exact.
  int fingerprintBits();

  /// Visits each member's prefix once, in an order that depends on the history of the filter only.
  void forEach(LongConsumer visitor);

  /// The members cut to their first `width` bits, ascending, each once: what [TagSetCodec] takes.
  ///
  /// @throws IllegalArgumentException when the filter knows fewer bits of its tags
  default long[] prefixes(int width) {
    if (width > fingerprintBits()) {
      throw new IllegalArgumentException(
          width + " bits of tags of which " + fingerprintBits() + " are known");
    }
    long[] prefixes = new long[size()];
    int[] count = {0};
    forEach(tag -> prefixes[count[0]++] = TagSetCodec.truncate(tag, width));
    Arrays.sort(prefixes);
    return TagSetCodec.distinct(prefixes);
  }
}
