package dev.banyan.filter;

/// A Bloom filter of blocks of 512 bits, each tag in one of them (Putze, Sanders and Singler, "Cache-, Hash- and
/// Space-Efficient Bloom Filters", JEA 2009): one cache miss a question instead of one a hash. Blocks fill unevenly, which
/// costs memory: at 0.1% about 2 bits a member more than [BloomFilter]. It cannot grow, shrink, or tell its members.
public final class BlockedBloomFilter implements InterestFilter {

  static final byte FORMAT = 3;
  private static final int BLOCK_WORDS = 8;
  private static final int BLOCK_BITS = 512;
  private static final int BITS_PER_POSITION = 9;

  /// 64 bits of hash are 7 positions.
  private static final int POSITIONS_PER_HASH = 7;

  private static final int MAX_HASHES = 2 * POSITIONS_PER_HASH;

  private final int hashes;
  private final long[] words;
  private final int blocks;
  private long ones;

  private BlockedBloomFilter(int hashes, long[] words) {
    this.hashes = hashes;
    this.words = words;
    blocks = words.length / BLOCK_WORDS;
    ones = count(words);
  }

  /// An empty filter that answers wrongly no more often than said while it has no more members than said.
  ///
  /// @param falsePositiveRate not below 0.00001: blocks that small do no better
  public static BlockedBloomFilter forUpTo(long members, double falsePositiveRate) {
    if (falsePositiveRate < 1e-5 || falsePositiveRate > 1) {
      throw new IllegalArgumentException("a false-positive rate of " + falsePositiveRate);
    }
    // No filter does with less than 1.44 bits for each halving of the rate.
    double bitsPerMember = Math.max(1, -1.44 * Math.log(falsePositiveRate) / Math.log(2));
    int hashes = bestHashes(bitsPerMember);
    while (rate(hashes, bitsPerMember) > falsePositiveRate) {
      bitsPerMember *= 1.01;
      hashes = bestHashes(bitsPerMember);
    }
    long blocks = (long) Math.ceil(Math.max(1, members) * bitsPerMember / BLOCK_BITS);
    return new BlockedBloomFilter(hashes, new long[Math.toIntExact(blocks * BLOCK_WORDS)]);
  }

  @Override
  public boolean mightContain(long tag) {
    long hash = Hash.mix(tag);
    int block = block(hash);
    long positions = Hash.again(hash);
    for (int i = 0; i < hashes; i++) {
      if (i == POSITIONS_PER_HASH) {
        positions = Hash.again(positions ^ hash);
      }
      int bit = (int) positions & BLOCK_BITS - 1;
      if ((words[block + (bit >>> 6)] >>> bit & 1) == 0) {
        return false;
      }
      positions = Long.rotateRight(positions, BITS_PER_POSITION);
    }
    return true;
  }

  @Override
  public boolean add(long tag) {
    long before = ones;
    long hash = Hash.mix(tag);
    int block = block(hash);
    long positions = Hash.again(hash);
    for (int i = 0; i < hashes; i++) {
      if (i == POSITIONS_PER_HASH) {
        positions = Hash.again(positions ^ hash);
      }
      int bit = (int) positions & BLOCK_BITS - 1;
      int word = block + (bit >>> 6);
      ones += ~words[word] >>> bit & 1;
      words[word] |= 1L << bit;
      positions = Long.rotateRight(positions, BITS_PER_POSITION);
    }
    return ones != before;
  }

  /// @param other of the same number of hashes and the same length
  @Override
  public void union(InterestFilter other) {
    if (!(other instanceof BlockedBloomFilter blocked)
        || blocked.hashes != hashes
        || blocked.words.length != words.length) {
      throw new IllegalArgumentException("a blocked Bloom filter takes in its own shape only");
    }
    for (int i = 0; i < words.length; i++) {
      words[i] |= blocked.words[i];
    }
    ones = count(words);
  }

  /// An estimate from how many bits are set, on the average of all blocks.
  @Override
  public int size() {
    double bits = (double) words.length * Long.SIZE;
    double zeros = Math.max(1, bits - ones);
    return (int) Math.round(-bits / hashes * Math.log(zeros / bits));
  }

  /// Looks at every block.
  @Override
  public double falsePositiveRate() {
    double sum = 0;
    for (int block = 0; block < words.length; block += BLOCK_WORDS) {
      int set = 0;
      for (int i = 0; i < BLOCK_WORDS; i++) {
        set += Long.bitCount(words[block + i]);
      }
      sum += Math.pow((double) set / BLOCK_BITS, hashes);
    }
    return sum / blocks;
  }

  @Override
  public long sizeBytes() {
    return 8L * words.length + 16;
  }

  @Override
  public byte[] encode() {
    return WordBytes.encode(FORMAT, hashes, words);
  }

  static BlockedBloomFilter decode(byte[] bytes) {
    var in = WordBytes.read(bytes);
    int hashes = WordBytes.parameter(in, MAX_HASHES);
    long[] words = WordBytes.words(in);
    if (words.length % BLOCK_WORDS != 0) {
      throw new IllegalArgumentException(words.length + " words are not whole blocks");
    }
    return new BlockedBloomFilter(hashes, words);
  }

  private int block(long hash) {
    return (int) Hash.below(blocks, hash) * BLOCK_WORDS;
  }

  private static long count(long[] words) {
    long ones = 0;
    for (long word : words) {
      ones += Long.bitCount(word);
    }
    return ones;
  }

  private static int bestHashes(double bitsPerMember) {
    int best = 1;
    for (int hashes = 2; hashes <= MAX_HASHES; hashes++) {
      if (rate(hashes, bitsPerMember) < rate(best, bitsPerMember)) {
        best = hashes;
      }
    }
    return best;
  }

  /// The rate over blocks whose members are Poisson-distributed (Putze et al., §3).
  private static double rate(int hashes, double bitsPerMember) {
    double mean = BLOCK_BITS / bitsPerMember;
    double most = mean + 12 * Math.sqrt(mean) + 12;
    double cleared = Math.pow(1 - 1.0 / BLOCK_BITS, hashes);
    double probability = Math.exp(-mean);
    double clear = 1;
    double rate = 0;
    for (int members = 1; members < most; members++) {
      probability *= mean / members;
      clear *= cleared;
      rate += probability * Math.pow(1 - clear, hashes);
    }
    return rate;
  }
}
