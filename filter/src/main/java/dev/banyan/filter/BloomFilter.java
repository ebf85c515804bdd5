package dev.banyan.filter;

/// The classic filter (Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 1970): 1.44 bits a member
/// for each halving of the false positives, and nothing but adding, asking and merging. It cannot tell its members, so where
/// it stands in for interest everything must go up. Positions come from two hashes (Dillinger and Manolios, "Bloom filters
/// in probabilistic verification", FMCAD 2004).
///
/// Made for a number of members; beyond it false positives grow fast. It cannot grow, but halve: as positions are a
/// hash's share of the length, two neighbouring bits become one.
public final class BloomFilter implements InterestFilter {

  static final byte FORMAT = 2;
  private static final int MAX_HASHES = 64;

  private final int hashes;
  private long[] words;
  private long bits;
  private long ones;

  private BloomFilter(int hashes, long[] words) {
    this.hashes = hashes;
    use(words);
  }

  /// An empty filter that answers wrongly no more often than said while it has no more members than said.
  public static BloomFilter forUpTo(long members, double falsePositiveRate) {
    double bitsPerMember = -Math.log(falsePositiveRate) / (Math.log(2) * Math.log(2));
    double bits = Math.max(128, Math.max(1, members) * bitsPerMember);
    // An even number of words, so that it can be halved.
    int words = 2 * Math.toIntExact((long) Math.ceil(bits / 128));
    int hashes = (int) Math.round(bitsPerMember * Math.log(2));
    return new BloomFilter(Math.clamp(hashes, 1, MAX_HASHES), new long[words]);
  }

  @Override
  public boolean mightContain(long tag) {
    long hash = Hash.mix(tag);
    long step = Hash.again(hash);
    for (int i = 0; i < hashes; i++) {
      long bit = Hash.below(bits, hash);
      if ((words[(int) (bit >>> 6)] >>> bit & 1) == 0) {
        return false;
      }
      hash += step;
      step += i;
    }
    return true;
  }

  @Override
  public boolean add(long tag) {
    long before = ones;
    long hash = Hash.mix(tag);
    long step = Hash.again(hash);
    for (int i = 0; i < hashes; i++) {
      long bit = Hash.below(bits, hash);
      int word = (int) (bit >>> 6);
      ones += ~words[word] >>> bit & 1;
      words[word] |= 1L << bit;
      hash += step;
      step += i;
    }
    return ones != before;
  }

  /// @param other of the same number of hashes, and as long, or longer by powers of two
  @Override
  public void union(InterestFilter other) {
    if (!(other instanceof BloomFilter bloom) || bloom.hashes != hashes) {
      throw new IllegalArgumentException("a Bloom filter takes in its own kind only");
    }
    long[] folded = bloom.words;
    while (folded.length > words.length && folded.length % 2 == 0) {
      folded = halves(folded);
    }
    if (folded.length != words.length) {
      throw new IllegalArgumentException(
          "a Bloom filter of " + words.length + " words cannot take in one of " + folded.length);
    }
    long[] united = words.clone();
    for (int i = 0; i < united.length; i++) {
      united[i] |= folded[i];
    }
    use(united);
  }

  /// Halves the memory, for about the square root of the false-positive rate.
  ///
  /// @throws IllegalStateException when the length is odd: it was halved before
  public void halve() {
    if (words.length % 2 != 0) {
      throw new IllegalStateException("a Bloom filter of an odd number of words");
    }
    use(halves(words));
  }

  /// An estimate from how many bits are set (Swamidass and Baldi, 2007).
  @Override
  public int size() {
    double zeros = Math.max(1, bits - ones);
    return (int) Math.round(-(double) bits / hashes * Math.log(zeros / bits));
  }

  @Override
  public double falsePositiveRate() {
    return Math.pow((double) ones / bits, hashes);
  }

  @Override
  public long sizeBytes() {
    return 8L * words.length + 16;
  }

  @Override
  public byte[] encode() {
    return WordBytes.encode(FORMAT, hashes, words);
  }

  static BloomFilter decode(byte[] bytes) {
    var in = WordBytes.read(bytes);
    int hashes = WordBytes.parameter(in, MAX_HASHES);
    return new BloomFilter(hashes, WordBytes.words(in));
  }

  private void use(long[] next) {
    words = next;
    bits = (long) next.length * Long.SIZE;
    ones = 0;
    for (long word : next) {
      ones += Long.bitCount(word);
    }
  }

  private static long[] halves(long[] words) {
    long[] half = new long[words.length / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = pairs(words[2 * i]) | pairs(words[2 * i + 1]) << 32;
    }
    return half;
  }

  /// A bit for each two bits: whether one is set.
  private static long pairs(long word) {
    return Long.compress(word | word >>> 1, 0x5555_5555_5555_5555L);
  }
}
