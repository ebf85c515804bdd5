package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilterDecodingTest {

  private static final int MAX_TAGS = 300;

  /// What an exception with its stack and its text may take.
  private static final int THROWING = 16_384;

  @ParameterizedTest
  @EnumSource(FilterOracleTest.Structure.class)
  void equalSetsEncodeToEqualBytesAndComeBack(FilterOracleTest.Structure structure) {
    SplittableRandom random = new SplittableRandom(1);
    long[] tags = random.longs(1_000).toArray();
    InterestFilter one = structure.empty.get();
    InterestFilter other = structure.empty.get();
    for (int i = 0; i < tags.length; i++) {
      one.add(tags[i]);
      other.add(tags[tags.length - 1 - i]);
    }
    byte[] bytes = one.encode();
    if (!(one instanceof CuckooFilter)) {
      assertThat(other.encode()).isEqualTo(bytes);
    }
    InterestFilter back = InterestFilter.decode(bytes, tags.length);
    assertThat(back.getClass()).isEqualTo(one.getClass());
    assertThat(back.encode()).isEqualTo(bytes);
    assertThat(back.size()).isEqualTo(one.size());
    for (long tag : tags) {
      assertThat(back.mightContain(tag)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(FilterOracleTest.Structure.class)
  void hostileBytesAreRefusedWithOneLineOrMakeAFilterThatWorks(
      FilterOracleTest.Structure structure) {
    SplittableRandom random = new SplittableRandom(2);
    byte[][] good = new byte[200][];
    for (int i = 0; i < good.length; i++) {
      good[i] = good(structure, random);
    }
    int decoded = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = hostile(good[random.nextInt(good.length)].clone(), random);
      long bound = 200L * Math.min(MAX_TAGS, 8L * bytes.length) + 2L * bytes.length + 4096;
      // The first time the machine may allocate for itself, to link what was never called.
      outcome(bytes);
      long before = allocated();
      Object outcome = outcome(bytes);
      long taken = allocated() - before;
      if (outcome instanceof InterestFilter filter) {
        assertThat(taken).isLessThanOrEqualTo(bound);
        assertThat(filter.sizeBytes()).isLessThanOrEqualTo(bound);
        use(filter, random.nextLong());
        decoded++;
      } else {
        assertThat(taken).isLessThanOrEqualTo(bound + THROWING);
        assertThat(outcome.toString()).isNotBlank().doesNotContain("\n");
      }
    }
    assertThat(decoded).isGreaterThan(100);
  }

  /// The filter, or what is wrong with the bytes.
  private static Object outcome(byte[] bytes) {
    try {
      return InterestFilter.decode(bytes, MAX_TAGS);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static void use(InterestFilter filter, long tag) {
    boolean there = filter.mightContain(tag);
    assertThat(filter.add(tag)).isEqualTo(!there);
    assertThat(filter.mightContain(tag)).isTrue();
    if (filter instanceof CountingFilter counting) {
      counting.remove(tag);
    }
    InterestFilter again = InterestFilter.decode(filter.encode(), MAX_TAGS + 1);
    if (!(filter instanceof CuckooFilter cuckoo)) {
      again.union(filter);
    }
    assertThat(again.mightContain(tag)).isEqualTo(filter.mightContain(tag));
    assertThat(filter.falsePositiveRate()).isBetween(0.0, 1.0);
  }

  private static byte[] good(FilterOracleTest.Structure structure, SplittableRandom random) {
    InterestFilter filter =
        switch (structure) {
          case EXACT -> new ExactFilter();
          case BLOOM -> BloomFilter.forUpTo(20, 0.01);
          case BLOCKED_BLOOM -> BlockedBloomFilter.forUpTo(20, 0.01);
          case CUCKOO -> CuckooFilter.forUpTo(1 + random.nextInt(40), 0.01);
          case QUOTIENT -> new QuotientFilter(10 + random.nextInt(55));
        };
    for (int count = random.nextInt(40); count > 0; count--) {
      filter.add(random.nextInt(20) == 0 ? 1 : random.nextLong());
    }
    return filter.encode();
  }

  private static byte[] hostile(byte[] bytes, SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
      case 1 -> {
        byte format = bytes[0];
        random.nextBytes(bytes);
        bytes[0] = format;
      }
      default -> {}
    }
    for (int flips = random.nextInt(3); flips > 0 && bytes.length > 1; flips--) {
      int at =
          1
              + random.nextInt(
                  random.nextBoolean() ? bytes.length - 1 : Math.min(7, bytes.length - 1));
      bytes[at] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void whatIsNoFilterAtAllIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> InterestFilter.decode(new byte[0], 1));
    for (int format = 0; format < 256; format++) {
      byte[] bytes = {(byte) format};
      assertThatIllegalArgumentException().isThrownBy(() -> InterestFilter.decode(bytes, 1));
    }
  }
}
