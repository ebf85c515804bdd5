package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotientFilterTest {

  private static final long OPERATIONS = Long.getLong("banyan.operations", 1_000_000);

  /// Tags of a pool, of which some have the same fingerprint, and how often each fingerprint is in.
  private static final class Oracle {
    final long[] tags;
    final int[] group;
    final int[] counts;
    final int[] own;
    int members;

    Oracle(long[] tags, int bits) {
      this.tags = tags;
      group = new int[tags.length];
      own = new int[tags.length];
      long[] prefixes = TagSetCodec.prefixes(tags, bits);
      for (int i = 0; i < tags.length; i++) {
        group[i] = Arrays.binarySearch(prefixes, TagSetCodec.truncate(tags[i], bits));
      }
      counts = new int[prefixes.length];
    }

    boolean add(int tag) {
      own[tag]++;
      boolean first = counts[group[tag]]++ == 0;
      members += first ? 1 : 0;
      return first;
    }

    boolean remove(int tag) {
      own[tag]--;
      boolean last = --counts[group[tag]] == 0;
      members -= last ? 1 : 0;
      return last;
    }

    /// To other fingerprints, with what is in.
    Oracle narrowed(int bits) {
      Oracle next = new Oracle(tags, bits);
      for (int i = 0; i < tags.length; i++) {
        for (int n = 0; n < own[i]; n++) {
          next.add(i);
        }
      }
      return next;
    }
  }

  /// Pools differ in how many tags share a fingerprint, and in how crowded the tags lie: `skew` leading bits are equal.
  @ParameterizedTest
  @CsvSource({
    "64, 40000, 0",
    "30, 100000, 0",
    "20, 60000, 0",
    "12, 3000, 0",
    "10, 1000, 0",
    "11, 300, 4",
    "30, 3000, 18",
    "64, 2000, 60",
    "24, 20, 0"
  })
  void agreesWithAMultisetOfFingerprintsThroughRandomOperations(int bits, int pool, int skew) {
    SplittableRandom random = new SplittableRandom(bits * 31L + skew);
    long[] tags = random.longs(pool).map(t -> t >>> skew).toArray();
    // Some at the ends of a block, and of all.
    tags[0] = Long.MAX_VALUE;
    tags[1] = Long.MIN_VALUE;
    Oracle oracle = new Oracle(tags, bits);
    QuotientFilter filter = new QuotientFilter(bits);
    long operations = OPERATIONS / 8;
    long phase = Math.max(1_000, pool * 3L);
    for (long i = 0; i < operations; i++) {
      int tag = random.nextInt(pool);
      boolean growing = i / phase % 2 == 0;
      if (random.nextInt(10) < (growing ? 7 : 3)) {
        // A few tags are added again and again, so that counts get digits.
        int added = random.nextInt(4) == 0 ? tag % 5 : tag;
        assertThat(filter.add(tags[added])).isEqualTo(oracle.add(added));
      } else if (oracle.own[tag] > 0) {
        assertThat(filter.remove(tags[tag])).isEqualTo(oracle.remove(tag));
      } else if (oracle.counts[oracle.group[tag]] == 0) {
        assertThat(filter.remove(tags[tag])).isFalse();
      }
      int probe = random.nextInt(pool);
      int expected = oracle.counts[oracle.group[probe]];
      if (filter.mightContain(tags[probe]) != expected > 0
          || filter.count(tags[probe]) != expected) {
        throw new AssertionError("operation " + i + ": tag " + tags[probe] + " not " + expected);
      }
      if (filter.size() != oracle.members) {
        throw new AssertionError("operation " + i + ": " + filter.size() + " members");
      }
      if (i % (phase / 3) == 0) {
        reshapeSomehow(filter, random, pool);
        check(filter, oracle);
      }
    }
    check(filter, oracle);
  }

  private static void reshapeSomehow(QuotientFilter filter, SplittableRandom random, int pool) {
    switch (random.nextInt(4)) {
      case 0 -> filter.trim();
      case 1 -> filter.reserve(random.nextInt(2 * pool));
      case 2 -> filter.reserve(0);
      default -> {}
    }
  }

  private static void check(QuotientFilter filter, Oracle oracle) {
    long[] expected =
        LongStream.range(0, oracle.tags.length)
            .filter(i -> oracle.counts[oracle.group[(int) i]] > 0)
            .map(i -> oracle.tags[(int) i])
            .toArray();
    assertThat(filter.prefixes(filter.fingerprintBits()))
        .isEqualTo(TagSetCodec.prefixes(expected, filter.fingerprintBits()));
    for (int i = 0; i < oracle.tags.length; i++) {
      if (filter.count(oracle.tags[i]) != oracle.counts[oracle.group[i]]) {
        throw new AssertionError("tag " + i + " is in " + filter.count(oracle.tags[i]) + " times");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsSurviveNarrowingAndMerging(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] tags = random.longs(5_000).toArray();
    int bits = 40;
    Oracle oracle = new Oracle(tags, bits);
    QuotientFilter filter = new QuotientFilter(bits);
    for (int round = 0; round < 20; round++) {
      int otherBits = Math.max(10, bits + random.nextInt(5) - 2);
      QuotientFilter other = new QuotientFilter(otherBits);
      Oracle otherOracle = new Oracle(tags, otherBits);
      int additions = random.nextInt(1 << random.nextInt(13));
      for (int i = 0; i < additions; i++) {
        int tag = random.nextInt(1 + random.nextInt(tags.length));
        other.add(tags[tag]);
        otherOracle.add(tag);
      }
      filter.merge(other);
      bits = Math.min(bits, otherBits);
      oracle = oracle.narrowed(bits);
      for (int i = 0; i < tags.length; i++) {
        for (int n = 0; n < otherOracle.own[i]; n++) {
          oracle.add(i);
        }
      }
      check(filter, oracle);
      int narrower = Math.max(10, bits - random.nextInt(3));
      filter.narrow(narrower);
      bits = narrower;
      oracle = oracle.narrowed(bits);
      check(filter, oracle);
      for (int i = 0; i < tags.length; i++) {
        if (oracle.own[i] > 0 && random.nextBoolean()) {
          assertThat(filter.remove(tags[i])).isEqualTo(oracle.remove(i));
        }
      }
      check(filter, oracle);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 1000", "16, 3000", "40, 10"})
  void theUnionOfManyCountsHowManyHaveAMember(int filters, int members) {
    SplittableRandom random = new SplittableRandom(filters);
    List<QuotientFilter> all = new ArrayList<>();
    TreeMap<Long, Long> expected = new TreeMap<>();
    int narrowest = 64 - filters % 3 * 10;
    long[] pool = random.longs(2L * members).toArray();
    for (int i = 0; i < filters; i++) {
      QuotientFilter filter = new QuotientFilter(i == 0 ? narrowest : 64);
      for (int n = 0; n < members; n++) {
        filter.add(pool[random.nextInt(pool.length)]);
      }
      all.add(filter);
    }
    for (QuotientFilter filter : all) {
      for (long prefix : filter.prefixes(filter.fingerprintBits())) {
        expected.merge(TagSetCodec.truncate(prefix, narrowest), 1L, Long::sum);
      }
    }
    QuotientFilter union = QuotientFilter.unionOf(all);
    assertThat(union.fingerprintBits()).isEqualTo(narrowest);
    assertThat(union.prefixes(narrowest))
        .isEqualTo(expected.keySet().stream().mapToLong(Long::longValue).toArray());
    expected.forEach((prefix, count) -> assertThat(union.count(prefix)).isEqualTo(count));
    QuotientFilter pairwise = new QuotientFilter(64);
    all.forEach(pairwise::union);
    assertThat(pairwise.encode()).isEqualTo(union.encode());
    expected.forEach((prefix, count) -> assertThat(pairwise.count(prefix)).isEqualTo(count));
  }

  @Test
  void theUnionOfUnequalAndCrowdedFiltersIsWhole() {
    SplittableRandom random = new SplittableRandom(7);
    for (int bits : new int[] {12, 30, 64}) {
      List<QuotientFilter> all = new ArrayList<>();
      TreeMap<Long, Long> expected = new TreeMap<>();
      for (int members : new int[] {0, 1, 30_000, 7, 3_000}) {
        QuotientFilter filter = new QuotientFilter(bits);
        for (int n = 0; n < members; n++) {
          // A third lie anywhere, a third at one end of what there is, a third at the other.
          long tag = random.nextLong();
          filter.add(n % 3 == 0 ? tag : n % 3 == 1 ? tag >>> 20 : ~(tag >>> 40));
          if (n % 5 == 0) {
            filter.add(tag);
          }
        }
        for (long prefix : filter.prefixes(bits)) {
          expected.merge(prefix, 1L, Long::sum);
        }
        all.add(filter);
      }
      QuotientFilter union = QuotientFilter.unionOf(all);
      assertThat(union.prefixes(bits))
          .isEqualTo(expected.keySet().stream().mapToLong(Long::longValue).toArray());
      expected.forEach((prefix, count) -> assertThat(union.count(prefix)).isEqualTo(count));
      expected.forEach((prefix, count) -> {
        for (long n = count; n > 0; n--) {
          assertThat(union.remove(prefix)).isEqualTo(n == 1);
        }
      });
      assertThat(union.size()).isZero();
    }
  }

  @Test
  void tellsTheMembersThatBeginAlike() {
    SplittableRandom random = new SplittableRandom(9);
    for (int count : new int[] {0, 10, 1_000, 20_000}) {
      QuotientFilter filter = new QuotientFilter(24);
      for (int i = 0; i < count; i++) {
        filter.add(random.nextLong());
        filter.add(random.nextLong() >>> 45);
      }
      long[] members = filter.prefixes(24);
      long[] found = new long[256];
      for (int i = 0; i < 2_000; i++) {
        int bits = random.nextInt(1, 25);
        long tag = i % 3 == 0 || count == 0 ? random.nextLong() : members[i % members.length];
        long prefix = TagSetCodec.truncate(i % 7 == 0 ? tag >>> 45 : tag, bits);
        long[] expected =
            Arrays.stream(members)
                .filter(member -> TagSetCodec.truncate(member, bits) == prefix)
                .limit(found.length)
                .toArray();
        int told = filter.members(prefix, bits, found);
        assertThat(Arrays.copyOf(found, told)).isEqualTo(expected);
      }
    }
  }

  @Test
  void theUnionOfNoneIsEmpty() {
    assertThat(QuotientFilter.unionOf(List.of()).size()).isZero();
  }

  @Test
  void takesInAnExactFilterButNoneThatCannotTellItsTags() {
    ExactFilter exact = new ExactFilter();
    SplittableRandom random = new SplittableRandom(1);
    long[] tags = random.longs(1_000).toArray();
    for (long tag : tags) {
      exact.add(tag);
    }
    QuotientFilter filter = new QuotientFilter(30);
    filter.union(exact);
    assertThat(filter.prefixes(30)).isEqualTo(TagSetCodec.prefixes(tags, 30));
    assertThat(filter.prefixes(20)).isEqualTo(exact.prefixes(20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> filter.union(BloomFilter.forUpTo(10, 0.01)));
    assertThatIllegalArgumentException().isThrownBy(() -> filter.prefixes(31));
  }

  @Test
  void builtFromASetItIsAsIfTheTagsWereAddedOneByOne() {
    SplittableRandom random = new SplittableRandom(2);
    for (int count = 0; count < 20_000; count = count * 2 + 1) {
      long[] set = TagSetCodecTest.randomSet(random, count, 30);
      QuotientFilter built = QuotientFilter.of(30, set);
      QuotientFilter added = new QuotientFilter(30);
      for (long tag : set) {
        added.add(tag);
      }
      assertThat(built.encode()).isEqualTo(added.encode());
      for (long tag : set) {
        assertThat(built.remove(tag)).isTrue();
      }
      assertThat(built.size()).isZero();
      assertThat(built.sizeBytes()).isEqualTo(new QuotientFilter(30).sizeBytes());
    }
  }

  /// Averaged over every member that comes, which is what a filter of a growing set holds in the long run.
  @Test
  void growingFrom2To10To2To20TakesAtMost16BitsAMember() {
    SplittableRandom random = new SplittableRandom(3);
    QuotientFilter filter = QuotientFilter.forUpTo(1 << 20, 0.001);
    for (int i = 0; i < 1 << 10; i++) {
      filter.add(random.nextLong());
    }
    double sum = 0;
    int steps = 0;
    for (int i = 1 << 10; i < 1 << 20; i++) {
      filter.add(random.nextLong());
      sum += filter.sizeBytes() * 8.0 / filter.size();
      steps++;
    }
    assertThat(sum / steps).isLessThanOrEqualTo(16);
    assertThat(filter.falsePositiveRate()).isLessThanOrEqualTo(0.001);
  }
}
