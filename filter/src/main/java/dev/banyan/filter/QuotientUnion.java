package dev.banyan.filter;

import java.util.ArrayList;
import java.util.List;

/// Merges tables of fingerprints into a new one, in passes over all of them in their order. Fingerprints longer than the new
/// table's are cut.
final class QuotientUnion {

  /// Fingerprints gathered from many tables before they are sorted: so few stay in the first-level cache.
  private static final int SORTED_AT_ONCE = 1024;

  private QuotientUnion() {}

  /// One table in another shape.
  static QuotientTable reshape(QuotientCursor from, QuotientTable into) {
    QuotientAppender out = new QuotientAppender(into);
    while (from.advance()) {
      out.append(from.fingerprint(), from.count());
    }
    return out.finish();
  }

  /// All of one with its counts, and all of the other.
  ///
  /// @param counted whether the other's members come with their counts, not once each
  static QuotientTable merge(
      QuotientCursor one, QuotientCursor other, boolean counted, QuotientTable into) {
    QuotientAppender out = new QuotientAppender(into);
    one.advance();
    other.advance();
    while (!one.atEnd() || !other.atEnd()) {
      if (other.atEnd() || !one.atEnd() && isNotAbove(one.fingerprint(), other.fingerprint())) {
        out.append(one.fingerprint(), one.count());
        one.advance();
      } else {
        out.append(other.fingerprint(), counted ? other.count() : 1);
        other.advance();
      }
    }
    return out.finish();
  }

  /// Each member of each filter once. Gathers a small stretch of all tables at a time and sorts that, which beats merging
  /// them pair by pair.
  static QuotientTable ofAll(List<QuotientFilter> filters, int bits, QuotientTable into) {
    QuotientAppender out = new QuotientAppender(into);
    List<QuotientBlocks> sources = new ArrayList<>();
    long members = 0;
    for (QuotientFilter filter : filters) {
      sources.add(filter.blocks(bits));
      members += filter.size();
    }
    // At least two, so that fingerprints of a stretch have the same sign, and sort as they should.
    int stretchesLog2 = Math.clamp(GapWriter.bitLength(members / SORTED_AT_ONCE), 1, bits - 1);
    int stretchBits = bits - stretchesLog2;
    StretchSorter sorter = new StretchSorter(stretchBits);
    for (long stretch = 0; stretch < 1L << stretchesLog2; stretch++) {
      for (QuotientBlocks source : sources) {
        source.drain(stretch, stretchBits, sorter);
      }
      int count = sorter.count();
      out.appendAll(sorter.sort(), count);
    }
    return out.finish();
  }

  private static boolean isNotAbove(long one, long other) {
    return Long.compareUnsigned(one, other) <= 0;
  }
}
