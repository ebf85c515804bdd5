package dev.banyan.filter;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// The counting quotient filter: a sorted, compact multiset of fingerprints, the first bits of the tags. It does all that
/// a filter can: counts and takes back, tells its members in order, merges, and grows and shrinks without the original
/// tags, because moving the border between quotient and remainder loses nothing of a fingerprint.
///
/// Quotienting is Knuth's (TAOCP vol. 3, exercise 6.4-13); the quotient filter is Bender et al., "Don't Thrash: How to
/// Cache Your Hash on Flash" (PVLDB 2012); rank and select and the counts are Pandey, Bender, Johnson and Patro, "A
/// General-Purpose Counting Filter: Making Every Bit Count" (SIGMOD 2017). Growing by lengthening fingerprints (Dayan et
/// al., InfiniFilter, SIGMOD 2023; Aleph Filter, PVLDB 2024) was left out: who merges and compares filters wants all
/// fingerprints of one length. Instead the length is chosen for the largest set to come: n tags at f bits answer wrongly at
/// a rate of n / 2^f, so a filter of 30 bits keeps 0.1% up to 2^20 tags, and is the better the fewer it holds. Smaller sets
/// pay for that with a bit for each halving.
///
/// Tables double in quotients, but home slots grow in steps of an eighth, so between 84% and 95% of them are full while the
/// filter grows and, as none is given back before a third is empty, 70% when it shrinks.
///
/// The filter takes the leading bits of tags as uniform; whoever can choose tags freely can make single operations slow
/// (they move what lies crowded), but neither wrong nor large.
public final class QuotientFilter implements CountingFilter, EnumerableFilter {

  static final byte FORMAT = 5;

  /// The fewest bits a fingerprint may have.
  public static final int MIN_FINGERPRINT_BITS = 6 + RunCounts.MIN_REMAINDER_BITS;

  private static final int MIN_QUOTIENT_BITS = 6;
  private static final int MAX_QUOTIENT_BITS = 30;
  private static final int MIN_HOME_SLOTS = 8;
  private static final int MAX_HOME_SLOTS = 96;
  private static final double FULL = 0.95;
  private static final double RESHAPED = 0.845;
  private static final double EMPTY = 0.70;

  private int fingerprintBits;
  private QuotientTable table;
  private int reserved;
  private int growAt;
  private int shrinkAt;

  /// An empty filter.
  ///
  /// @param fingerprintBits how many leading bits of a tag it keeps: 10 to 64, which is exact
  public QuotientFilter(int fingerprintBits) {
    if (fingerprintBits < MIN_FINGERPRINT_BITS || fingerprintBits > Long.SIZE) {
      throw new IllegalArgumentException("fingerprints of " + fingerprintBits + " bits");
    }
    this.fingerprintBits = fingerprintBits;
    use(shaped(fingerprintBits, 0));
  }

  /// An empty filter that answers wrongly no more often than said while it has no more members than said. It starts small.
  public static QuotientFilter forUpTo(long members, double falsePositiveRate) {
    int width = TagSetCodec.widthFor(members, falsePositiveRate);
    return new QuotientFilter(Math.max(MIN_FINGERPRINT_BITS, width));
  }

  /// A filter with each of these members once.
  ///
  /// @param prefixes ascending, each once, nothing behind their first bits: see [TagSetCodec]
  /// @throws IllegalArgumentException when they are no such set
  public static QuotientFilter of(int fingerprintBits, long[] prefixes) {
    QuotientFilter filter = new QuotientFilter(fingerprintBits);
    TagSetCodec.checkSet(prefixes, fingerprintBits);
    QuotientAppender out = new QuotientAppender(shaped(fingerprintBits, prefixes.length));
    for (long prefix : prefixes) {
      out.append(filter.fingerprint(prefix), 1);
    }
    filter.use(out.finish());
    return filter;
  }

  /// The members of all, each as often as there are filters that have it: what a parent of many wants to know. The
  /// shortest fingerprints among them decide.
  public static QuotientFilter unionOf(List<QuotientFilter> filters) {
    int bits = filters.stream().mapToInt(f -> f.fingerprintBits).min().orElse(Long.SIZE);
    int slots = filters.stream().mapToInt(QuotientFilter::size).reduce(0, Math::addExact);
    QuotientFilter union = new QuotientFilter(bits);
    union.use(QuotientUnion.ofAll(filters, bits, shaped(bits, slots)));
    union.shrinkIfEmpty();
    return union;
  }

  @Override
  public boolean mightContain(long tag) {
    return table.contains(fingerprint(tag));
  }

  /// How often the tag was added, or tags it cannot be told from.
  public long count(long tag) {
    return table.count(fingerprint(tag));
  }

  @Override
  public boolean add(long tag) {
    boolean first = table.add(fingerprint(tag));
    if (table.used() > growAt) {
      reshape(fingerprintBits);
    }
    return first;
  }

  @Override
  public boolean remove(long tag) {
    boolean last = table.remove(fingerprint(tag));
    shrinkIfEmpty();
    return last;
  }

  /// Adds each member of the other filter once. Where the other's fingerprints are shorter, this filter's are cut.
  @Override
  public void union(InterestFilter other) {
    if (other instanceof QuotientFilter quotients) {
      merge(quotients, false);
    } else if (other instanceof EnumerableFilter members) {
      narrow(Math.min(fingerprintBits, members.fingerprintBits()));
      members.forEach(this::add);
    } else {
      throw new IllegalArgumentException("a quotient filter takes in filters that tell their tags");
    }
  }

  /// Adds each member of the other filter as often as it is there.
  public void merge(QuotientFilter other) {
    merge(other, true);
  }

  /// Cuts fingerprints: less memory, more false positives, and members that can no longer be told apart become one.
  public void narrow(int bits) {
    if (bits < MIN_FINGERPRINT_BITS || bits > fingerprintBits) {
      throw new IllegalArgumentException(bits + " of " + fingerprintBits + " bits");
    }
    if (bits < fingerprintBits) {
      reshape(bits);
    }
  }

  /// Makes room: so many members can be held from now on without growing again.
  public void reserve(int members) {
    reserved = members;
    if (members > growAt) {
      reshape(fingerprintBits);
    }
  }

  /// Gives back room that was reserved or is no longer needed.
  public void trim() {
    reserved = 0;
    reshape(fingerprintBits);
  }

  @Override
  public int size() {
    return table.distinct();
  }

  @Override
  public double falsePositiveRate() {
    return table.distinct() / Math.scalb(1.0, fingerprintBits);
  }

  @Override
  public long sizeBytes() {
    return table.sizeBytes();
  }

  @Override
  public int fingerprintBits() {
    return fingerprintBits;
  }

  /// Visits each member's prefix once, ascending.
  @Override
  public void forEach(LongConsumer visitor) {
    QuotientCursor cursor = cursor(fingerprintBits);
    while (cursor.advance()) {
      visitor.accept(tag(cursor.fingerprint()));
    }
  }

  /// The members' prefixes that begin with these bits, ascending. A few slots side by side are read for it.
  ///
  /// @param prefix nothing behind its first `bits`
  /// @param bits no more than fingerprints have
  /// @param into takes the first of them, as many as it has room for
  /// @return how many were put there
  public int members(long prefix, int bits, long[] into) {
    QuotientCursor cursor = cursor(fingerprintBits);
    cursor.seek(fingerprint(prefix));
    int count = 0;
    while (count < into.length && cursor.advance()) {
      long member = tag(cursor.fingerprint());
      long behind = (member ^ prefix) >>> (Long.SIZE - bits);
      if (behind == 0) {
        into[count++] = member;
      } else if (member > prefix) {
        return count;
      }
    }
    return count;
  }

  @Override
  public long[] prefixes(int width) {
    if (width > fingerprintBits) {
      throw new IllegalArgumentException(
          width + " bits of tags of which " + fingerprintBits + " are known");
    }
    long[] prefixes = new long[table.distinct()];
    QuotientCursor cursor = cursor(fingerprintBits);
    for (int i = 0; cursor.advance(); i++) {
      prefixes[i] = TagSetCodec.truncate(tag(cursor.fingerprint()), width);
    }
    return TagSetCodec.distinct(prefixes);
  }

  @Override
  public byte[] encode() {
    byte[] set = TagSetCodec.encode(prefixes(fingerprintBits), fingerprintBits);
    byte[] bytes = new byte[set.length + 1];
    bytes[0] = FORMAT;
    System.arraycopy(set, 0, bytes, 1, set.length);
    return bytes;
  }

  static QuotientFilter decode(byte[] bytes, int maxTags) {
    byte[] set = Arrays.copyOfRange(bytes, 1, bytes.length);
    int width = TagSetCodec.width(set);
    if (width < MIN_FINGERPRINT_BITS) {
      throw new IllegalArgumentException("fingerprints of " + width + " bits");
    }
    return of(width, TagSetCodec.decode(set, maxTags));
  }

  /// The fingerprints, cut to so many bits.
  QuotientCursor cursor(int bits) {
    return new QuotientCursor(table, fingerprintBits - bits);
  }

  /// The fingerprints a stretch at a time, cut to so many bits.
  QuotientBlocks blocks(int bits) {
    return new QuotientBlocks(table, fingerprintBits - bits);
  }

  private void merge(QuotientFilter other, boolean counted) {
    int bits = Math.min(fingerprintBits, other.fingerprintBits);
    long slots = (long) table.used() + other.table.used();
    QuotientTable into = shaped(bits, Math.max(slots, reserved));
    QuotientTable both = QuotientUnion.merge(cursor(bits), other.cursor(bits), counted, into);
    fingerprintBits = bits;
    use(both);
    shrinkIfEmpty();
  }

  private void shrinkIfEmpty() {
    if (table.used() < shrinkAt && reserved < shrinkAt) {
      reshape(fingerprintBits);
    }
  }

  private void reshape(int bits) {
    QuotientTable into = shaped(bits, Math.max(table.used(), reserved));
    QuotientCursor from = cursor(bits);
    fingerprintBits = bits;
    use(QuotientUnion.reshape(from, into));
  }

  private void use(QuotientTable next) {
    table = next;
    growAt = (int) (FULL * next.homes());
    shrinkAt = next.homes() == MIN_HOME_SLOTS ? 0 : (int) (EMPTY * next.homes());
  }

  /// An empty table for so many slots in use: the fewest quotients that leave no block too long to search.
  private static QuotientTable shaped(int fingerprintBits, long slots) {
    int quotientBits = MIN_QUOTIENT_BITS;
    int most = Math.min(MAX_QUOTIENT_BITS, fingerprintBits - RunCounts.MIN_REMAINDER_BITS);
    while (quotientBits < most
        && slots > RESHAPED * MAX_HOME_SLOTS * (1L << (quotientBits - MIN_QUOTIENT_BITS))) {
      quotientBits++;
    }
    double blocks = 1L << (quotientBits - MIN_QUOTIENT_BITS);
    int homeSlots = (int) Math.max(MIN_HOME_SLOTS, Math.ceil(slots / RESHAPED / blocks));
    return new QuotientTable(quotientBits, fingerprintBits - quotientBits, homeSlots);
  }

  private long fingerprint(long tag) {
    return (tag ^ Long.MIN_VALUE) >>> (Long.SIZE - fingerprintBits);
  }

  private long tag(long fingerprint) {
    return fingerprint << (Long.SIZE - fingerprintBits) ^ Long.MIN_VALUE;
  }
}
