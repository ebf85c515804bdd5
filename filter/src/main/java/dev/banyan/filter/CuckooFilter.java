package dev.banyan.filter;

import java.nio.ByteBuffer;

/// The cuckoo filter (Fan, Andersen, Kaminsky and Mitzenmacher, "Cuckoo Filter: Practically Better Than Bloom", CoNEXT
/// 2014): short fingerprints in buckets of four, each in one of two buckets, of which the other follows from the bucket and
/// the fingerprint. It counts by holding copies and takes them back, but cannot grow, nor tell its members: a fingerprint
/// does not say in which of its two buckets its tag belongs first. The two buckets add up to a hash of the fingerprint, so
/// that any number of buckets will do, not only powers of two.
///
/// Made for a number of members; what finds no place goes to a small exact list, so more members (or more than eight
/// copies of one) make it larger and slower, but nothing is lost.
public final class CuckooFilter implements CountingFilter {

  static final byte FORMAT = 4;
  private static final int SLOTS = 4;
  private static final double FULL = 0.90;
  private static final int MAX_KICKS = 500;
  private static final int MIN_FINGERPRINT_BITS = 4;
  private static final int MAX_FINGERPRINT_BITS = 32;

  private final int fingerprintBits;
  private final int buckets;
  private final long[] words;
  private final ExactFilter homeless = new ExactFilter();
  private int used;
  private int homelessCopies;
  private int turns;

  private CuckooFilter(int fingerprintBits, int buckets, long[] words) {
    this.fingerprintBits = fingerprintBits;
    this.buckets = buckets;
    this.words = words;
  }

  /// An empty filter that answers wrongly no more often than said while it has no more members than said.
  ///
  /// @param falsePositiveRate not below 2^-28
  public static CuckooFilter forUpTo(long members, double falsePositiveRate) {
    int bits = MIN_FINGERPRINT_BITS;
    while (2 * SLOTS * FULL / (Math.scalb(1.0, bits) - 1) > falsePositiveRate) {
      bits++;
    }
    if (bits > MAX_FINGERPRINT_BITS) {
      throw new IllegalArgumentException("a false-positive rate of " + falsePositiveRate);
    }
    int buckets = Math.toIntExact(Math.max(2, (long) Math.ceil(members / (SLOTS * FULL))));
    Math.multiplyExact(buckets, SLOTS);
    return new CuckooFilter(bits, buckets, PackedBits.allocate(bits(buckets, bits)));
  }

  @Override
  public boolean mightContain(long tag) {
    long hash = Hash.mix(tag);
    long fingerprint = fingerprint(hash);
    int bucket = (int) Hash.below(buckets, hash);
    int other = other(bucket, fingerprint);
    return find(bucket, fingerprint) >= 0
        || find(other, fingerprint) >= 0
        || homelessCopies > 0 && homeless.mightContain(homelessTag(bucket, other, fingerprint));
  }

  @Override
  public boolean add(long tag) {
    boolean denied = !mightContain(tag);
    long hash = Hash.mix(tag);
    place((int) Hash.below(buckets, hash), fingerprint(hash));
    return denied;
  }

  @Override
  public boolean remove(long tag) {
    long hash = Hash.mix(tag);
    long fingerprint = fingerprint(hash);
    int bucket = (int) Hash.below(buckets, hash);
    int other = other(bucket, fingerprint);
    long homelessTag = homelessTag(bucket, other, fingerprint);
    if (homelessCopies > 0 && homeless.mightContain(homelessTag)) {
      homeless.remove(homelessTag);
      homelessCopies--;
    } else if (!clear(bucket, fingerprint) && !clear(other, fingerprint)) {
      return false;
    }
    return !mightContain(tag);
  }

  /// @param other of the same shape
  @Override
  public void union(InterestFilter other) {
    if (!(other instanceof CuckooFilter cuckoo)
        || cuckoo.fingerprintBits != fingerprintBits
        || cuckoo.buckets != buckets
        || cuckoo == this) {
      throw new IllegalArgumentException("a cuckoo filter takes in others of its own shape only");
    }
    for (int slot = 0; slot < buckets * SLOTS; slot++) {
      long fingerprint = cuckoo.get(slot);
      if (fingerprint != 0) {
        place(slot / SLOTS, fingerprint);
      }
    }
    cuckoo.homeless.forEach(
        tag -> place((int) (tag >>> fingerprintBits), tag & ~(-1L << fingerprintBits)));
  }

  /// Occurrences: copies of a tag count as often as it was added.
  @Override
  public int size() {
    return used + homelessCopies;
  }

  @Override
  public double falsePositiveRate() {
    double perSlot = 1 / (Math.scalb(1.0, fingerprintBits) - 1);
    double compared = 2.0 * size() / buckets;
    return 1 - Math.pow(1 - perSlot, compared);
  }

  @Override
  public long sizeBytes() {
    return 8L * words.length + 16 + homeless.sizeBytes();
  }

  /// The buckets as they are, and what has no place in them: two filters of the same members may differ.
  @Override
  public byte[] encode() {
    byte[] rest = homeless.encode();
    ByteBuffer out = WordBytes.allocate(WordBytes.HEADER_BYTES + 8 * words.length + rest.length);
    out.put(FORMAT).put((byte) fingerprintBits).putInt(buckets);
    for (long word : words) {
      out.putLong(word);
    }
    return out.put(rest).array();
  }

  static CuckooFilter decode(byte[] bytes, int maxTags) {
    ByteBuffer in = WordBytes.read(bytes);
    int fingerprintBits = WordBytes.parameter(in, MAX_FINGERPRINT_BITS);
    int buckets = in.remaining() < Integer.BYTES ? 0 : in.getInt();
    if (fingerprintBits < MIN_FINGERPRINT_BITS
        || buckets < 2
        || in.remaining() < bits(buckets, fingerprintBits) / 8) {
      throw new IllegalArgumentException(
          buckets + " buckets of " + fingerprintBits + " bits in " + bytes.length + " bytes");
    }
    long[] words = PackedBits.allocate(bits(buckets, fingerprintBits));
    if (in.remaining() < 8L * words.length) {
      throw new IllegalArgumentException("a cuckoo filter ends early");
    }
    for (int i = 0; i < words.length; i++) {
      words[i] = in.getLong();
    }
    if (PackedBits.hasBitsFrom(words, bits(buckets, fingerprintBits))) {
      throw new IllegalArgumentException("something stands behind the last bucket");
    }
    CuckooFilter filter = new CuckooFilter(fingerprintBits, buckets, words);
    filter.countSlots();
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    filter.takeHomeless(rest, maxTags);
    return filter;
  }

  private void countSlots() {
    for (int slot = 0; slot < buckets * SLOTS; slot++) {
      used += get(slot) != 0 ? 1 : 0;
    }
  }

  private void takeHomeless(byte[] bytes, int maxTags) {
    if (bytes.length == 0 || bytes[0] != ExactFilter.FORMAT) {
      throw new IllegalArgumentException("a cuckoo filter ends early");
    }
    ExactFilter.decode(bytes, maxTags).forEach(this::takeHomeless);
  }

  private void takeHomeless(long tag) {
    long fingerprint = tag & ~(-1L << fingerprintBits);
    long bucket = tag >>> fingerprintBits;
    if (fingerprint == 0
        || bucket >= buckets
        || homelessTag((int) bucket, other((int) bucket, fingerprint), fingerprint) != tag) {
      throw new IllegalArgumentException("a fingerprint that no bucket is for");
    }
    homeless.add(tag);
    homelessCopies++;
  }

  /// Puts a fingerprint in one of its buckets, moving others about if both are full.
  private void place(int bucket, long fingerprint) {
    int at = bucket;
    long moving = fingerprint;
    for (int kick = 0; kick < MAX_KICKS; kick++) {
      if (put(at, moving) || put(other(at, moving), moving)) {
        used++;
        return;
      }
      // Both are full: take the place of one, which goes on from its own other bucket.
      long turn = Hash.mix(++turns);
      int from = (turn & SLOTS) == 0 ? at : other(at, moving);
      int slot = from * SLOTS + ((int) turn & SLOTS - 1);
      long evicted = get(slot);
      set(slot, moving);
      moving = evicted;
      at = other(from, evicted);
    }
    homeless.add(homelessTag(at, other(at, moving), moving));
    homelessCopies++;
  }

  private boolean put(int bucket, long fingerprint) {
    int slot = find(bucket, 0);
    if (slot >= 0) {
      set(slot, fingerprint);
    }
    return slot >= 0;
  }

  private boolean clear(int bucket, long fingerprint) {
    int slot = find(bucket, fingerprint);
    if (slot >= 0) {
      set(slot, 0);
      used--;
    }
    return slot >= 0;
  }

  /// The slot of a bucket that holds this, or -1.
  private int find(int bucket, long fingerprint) {
    int slot = bucket * SLOTS;
    for (int i = slot; i < slot + SLOTS; i++) {
      if (get(i) == fingerprint) {
        return i;
      }
    }
    return -1;
  }

  private long get(int slot) {
    return PackedBits.get(words, (long) slot * fingerprintBits, fingerprintBits);
  }

  private void set(int slot, long fingerprint) {
    PackedBits.set(words, (long) slot * fingerprintBits, fingerprintBits, fingerprint);
  }

  /// From other bits than the bucket; never 0, which stands for an empty slot.
  private long fingerprint(long hash) {
    return 1 + Hash.below((1L << fingerprintBits) - 1, Hash.again(hash));
  }

  private int other(int bucket, long fingerprint) {
    int other = (int) Hash.below(buckets, Hash.mix(fingerprint)) - bucket;
    return other < 0 ? other + buckets : other;
  }

  private long homelessTag(int bucket, int other, long fingerprint) {
    return (long) Math.min(bucket, other) << fingerprintBits | fingerprint;
  }

  private static long bits(long buckets, int fingerprintBits) {
    return buckets * SLOTS * fingerprintBits;
  }
}
