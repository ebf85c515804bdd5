package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every structure, tried with random operations against arrays that know what is in.
class FilterOracleTest {

  private static final long OPERATIONS = Long.getLong("banyan.operations", 1_000_000);
  private static final int CAPACITY = 50_000;
  private static final double TARGET = 0.001;

  /// So many strangers that at the target 2,000 are let in, give or take 45: 1.2 times that is nine deviations away.
  private static final int STRANGERS = 2_000_000;

  enum Structure {
    EXACT(() -> new ExactFilter(7)),
    BLOOM(() -> BloomFilter.forUpTo(CAPACITY, TARGET)),
    BLOCKED_BLOOM(() -> BlockedBloomFilter.forUpTo(CAPACITY, TARGET)),
    CUCKOO(() -> CuckooFilter.forUpTo(CAPACITY, TARGET)),
    QUOTIENT(() -> QuotientFilter.forUpTo(CAPACITY, TARGET));

    final Supplier<InterestFilter> empty;

    Structure(Supplier<InterestFilter> empty) {
      this.empty = empty;
    }
  }

  /// Two of three operations change the filter, one asks. Structures that cannot remove start anew when they are full.
  @ParameterizedTest
  @EnumSource(Structure.class)
  void noMemberIsEverDenied(Structure structure) {
    SplittableRandom random = new SplittableRandom(structure.ordinal());
    long[] pool = random.longs(2 * CAPACITY).toArray();
    int[] counts = new int[pool.length];
    int[] copies = {0};
    InterestFilter filter = structure.empty.get();
    for (long i = 0; i < OPERATIONS; i++) {
      int at = random.nextInt(pool.length);
      boolean growing = i / (3 * CAPACITY) % 2 == 0;
      int choice = random.nextInt(9);
      if (choice >= 6) {
        if (counts[at] > 0 && !filter.mightContain(pool[at])) {
          throw new AssertionError("denied after " + i + " operations: " + pool[at]);
        }
      } else if (choice < (growing ? 5 : 1)) {
        if (copies[0] < CAPACITY) {
          boolean denied = !filter.mightContain(pool[at]);
          assertThat(filter.add(pool[at])).isEqualTo(denied);
          counts[at]++;
          copies[0]++;
        } else if (!(filter instanceof CountingFilter)) {
          Arrays.fill(counts, 0);
          copies[0] = 0;
          filter = structure.empty.get();
        }
      } else if (counts[at] > 0 && filter instanceof CountingFilter counting) {
        counting.remove(pool[at]);
        counts[at]--;
        copies[0]--;
      }
      if (i % (OPERATIONS / 20) == 0) {
        assertHolds(filter, pool, counts);
        assertHolds(InterestFilter.decode(filter.encode(), CAPACITY), pool, counts);
      }
    }
    assertHolds(filter, pool, counts);
    if (filter instanceof CountingFilter counting) {
      for (int i = 0; i < pool.length; i++) {
        for (; counts[i] > 0; counts[i]--) {
          assertThat(counting.mightContain(pool[i])).isTrue();
          counting.remove(pool[i]);
        }
      }
      assertThat(filter.size()).isZero();
      assertThat(falsePositives(filter, random)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void strangersPassNoMoreOftenThanTheTargetAtAnyLoad(Structure structure) {
    SplittableRandom random = new SplittableRandom(100 + structure.ordinal());
    InterestFilter filter = structure.empty.get();
    for (int load = 1; load <= 4; load++) {
      while (filter.size() < (long) CAPACITY * load / 4 - (load == 4 ? 500 : 0)) {
        for (int i = 0; i < 100; i++) {
          filter.add(random.nextLong());
        }
      }
      assertRate(filter, random);
    }
  }

  @Test
  void strangersPassNoMoreOftenThanTheTargetAfterGrowingShrinkingAndMerging() {
    SplittableRandom random = new SplittableRandom(200);
    QuotientFilter filter = QuotientFilter.forUpTo(CAPACITY, TARGET);
    long[] members = new long[0];
    for (int round = 0; round < 12; round++) {
      QuotientFilter other = new QuotientFilter(filter.fingerprintBits() + round % 3);
      long[] more = random.longs(random.nextInt(CAPACITY - members.length + 1)).toArray();
      for (long tag : more) {
        other.add(tag);
      }
      filter.merge(other);
      int kept = members.length;
      members = Arrays.copyOf(members, kept + more.length);
      System.arraycopy(more, 0, members, kept, more.length);
      assertRate(filter, random);
      int left = random.nextInt(members.length + 1);
      for (int i = left; i < members.length; i++) {
        filter.remove(members[i]);
      }
      members = Arrays.copyOf(members, left);
      if (round % 4 == 0) {
        filter.trim();
      }
      assertRate(filter, random);
      for (long member : members) {
        assertThat(filter.mightContain(member)).isTrue();
      }
    }
  }

  @Test
  void aBloomFilterHalvesAndTakesInALongerOneWithoutLosingAMember() {
    SplittableRandom random = new SplittableRandom(300);
    BloomFilter small = BloomFilter.forUpTo(CAPACITY / 4, TARGET);
    BloomFilter large = BloomFilter.forUpTo(CAPACITY, TARGET);
    long[] ones = random.longs(CAPACITY / 8).toArray();
    long[] others = random.longs(CAPACITY / 8).toArray();
    for (int i = 0; i < ones.length; i++) {
      small.add(ones[i]);
      large.add(others[i]);
    }
    large.halve();
    assertRate(large, random);
    BloomFilter folded = BloomFilter.forUpTo(CAPACITY / 4, TARGET);
    BloomFilter doubled = BloomFilter.forUpTo(CAPACITY / 4 * 2, TARGET);
    for (long tag : others) {
      doubled.add(tag);
    }
    if (doubled.sizeBytes() == 2 * folded.sizeBytes() - 16) {
      small.union(doubled);
      assertRate(small, random);
      for (int i = 0; i < ones.length; i++) {
        assertThat(small.mightContain(ones[i]) && small.mightContain(others[i])).isTrue();
      }
    }
    for (long tag : others) {
      assertThat(large.mightContain(tag)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void aUnionHoldsWhatEitherDid(Structure structure) {
    SplittableRandom random = new SplittableRandom(400 + structure.ordinal());
    InterestFilter one = structure.empty.get();
    InterestFilter other = structure.empty.get();
    long[] tags = random.longs(CAPACITY - 500).toArray();
    for (int i = 0; i < tags.length; i++) {
      (i % 3 == 0 ? one : other).add(tags[i]);
    }
    one.union(other);
    for (long tag : tags) {
      assertThat(one.mightContain(tag)).isTrue();
    }
    assertRate(one, random);
  }

  private static void assertHolds(InterestFilter filter, long[] pool, int[] counts) {
    for (int i = 0; i < pool.length; i++) {
      if (counts[i] > 0 && !filter.mightContain(pool[i])) {
        throw new AssertionError("denied: " + pool[i]);
      }
    }
  }

  /// Measured against the target, and against what the filter says of itself.
  private static void assertRate(InterestFilter filter, SplittableRandom random) {
    int found = falsePositives(filter, random);
    assertThat((double) found / STRANGERS).isLessThanOrEqualTo(1.2 * TARGET);
    double expected = filter.falsePositiveRate() * STRANGERS;
    assertThat((double) found)
        .isCloseTo(expected, within(0.1 * expected + 5 * Math.sqrt(expected)));
  }

  private static int falsePositives(InterestFilter filter, SplittableRandom random) {
    int found = 0;
    for (int i = 0; i < STRANGERS; i++) {
      found += filter.mightContain(random.nextLong()) ? 1 : 0;
    }
    return found;
  }
}
