package dev.banyan.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.node.RandomSource;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import site.ycsb.generator.ScrambledZipfianGenerator;

class ScrambledZipfianTest {

  private static final int RECORDS = 1_000;
  private static final int DRAWS = 1_000_000;

  private static LongSupplier seeded(long seed) {
    return new ScrambledZipfian(RECORDS, RandomSource.of(seed))::next;
  }

  @Test
  @DisplayName("One seed draws the same records again, another draws others")
  void seededRecords() {
    long[] once = LongStream.generate(seeded(7)).limit(100).toArray();
    assertThat(LongStream.generate(seeded(7)).limit(100).toArray()).isEqualTo(once);
    assertThat(LongStream.generate(seeded(8)).limit(100).toArray()).isNotEqualTo(once);
  }

  /// Half the sum of the differences between two samples' frequencies: 0 for equal ones, 1 for samples that have no
  /// record in common. Of two samples of YCSB itself it is about 0.017; of one and even draws, 0.2.
  @Test
  @DisplayName("Records are drawn as often as YCSB draws them, each of them")
  void asYcsb() {
    ScrambledZipfianGenerator ycsb = new ScrambledZipfianGenerator(RECORDS);
    double[] theirs = frequencies(ycsb::nextValue);
    assertThat(distance(frequencies(seeded(7)), theirs)).isLessThan(0.03);
    double[] even = new double[RECORDS];
    Arrays.fill(even, 1.0 / RECORDS);
    assertThat(distance(even, theirs)).isGreaterThan(0.1);
  }

  private static double[] frequencies(LongSupplier draws) {
    double[] frequencies = new double[RECORDS];
    for (int i = 0; i < DRAWS; i++) {
      frequencies[(int) draws.getAsLong()] += 1.0 / DRAWS;
    }
    return frequencies;
  }

  private static double distance(double[] one, double[] other) {
    return IntStream.range(0, RECORDS).mapToDouble(i -> Math.abs(one[i] - other[i])).sum() / 2;
  }
}
