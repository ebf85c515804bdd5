package dev.banyan.store.holdings;

/// What is held of a set of keys, in a form that two holders can compare cheaply: keys fall into buckets by the highest
/// bits of their tags, and a bucket's checksum is the XOR of its version hashes. XOR folds, so sets of different sizes
/// compare at the coarser one's number of buckets.
public final class Checksums {

  /// 512 buckets: 4 KiB per watched prefix, and of a difference in one key of 100,000 all but 200 need not be named.
  public static final int MAX_BITS = 9;

  /// Keys per bucket that a vector is sized for.
  private static final int KEYS_PER_BUCKET = 8;

  private final long[] buckets = new long[1 << MAX_BITS];
  private int count;
  private long membership;

  public void added(long keyTag, long versionHash) {
    count++;
    membership++;
    changed(keyTag, versionHash);
  }

  public void removed(long keyTag, long versionHash) {
    count--;
    membership++;
    changed(keyTag, versionHash);
  }

  public void changed(long keyTag, long hashDifference) {
    buckets[bucket(keyTag, MAX_BITS)] ^= hashDifference;
  }

  public int count() {
    return count;
  }

  /// Grows whenever a key comes or goes: while it is the same, the keys are.
  public long membership() {
    return membership;
  }

  /// How many bits of a key's tag choose its bucket, for as many keys as there are.
  public int bits() {
    int bits = 0;
    while (bits < MAX_BITS && count > (KEYS_PER_BUCKET << bits)) {
      bits++;
    }
    return bits;
  }

  /// The checksums folded to `1 << bits` buckets.
  public long[] folded(int bits) {
    long[] folded = new long[1 << bits];
    for (int i = 0; i < buckets.length; i++) {
      folded[i >>> (MAX_BITS - bits)] ^= buckets[i];
    }
    return folded;
  }

  /// Tags of keys are 63 bits; the highest of those choose.
  public static int bucket(long keyTag, int bits) {
    return bits == 0 ? 0 : (int) (keyTag << 1 >>> (Long.SIZE - bits));
  }

  /// The lowest key tag of a bucket.
  public static long lowest(int bucket, int bits) {
    return bits == 0 ? 0 : (long) bucket << (Long.SIZE - 1 - bits);
  }

  /// The highest key tag of a bucket.
  public static long highest(int bucket, int bits) {
    return lowest(bucket, bits) + (Long.MAX_VALUE >>> bits);
  }
}
