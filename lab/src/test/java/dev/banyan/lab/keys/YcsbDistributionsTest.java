package dev.banyan.lab.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import site.ycsb.generator.CounterGenerator;
import site.ycsb.generator.ScrambledZipfianGenerator;
import site.ycsb.generator.SkewedLatestGenerator;

/// The distance of two samples is half the sum of the differences between their frequencies: 0 for equal ones, 1 for
/// samples that have no record in common. Of two samples of YCSB itself it is about 0.017; of one and even draws, 0.2.
@DisplayNameGeneration(ReplaceUnderscores.class)
class YcsbDistributionsTest {

  private static final int RECORDS = 1_000;
  private static final int DRAWS = 1_000_000;
  private static final double EQUAL = 0.03;

  private static LongSupplier scrambled(long seed) {
    return new ScrambledZipfian(RECORDS, new SplittableRandom(seed))::next;
  }

  @Test
  void one_seed_draws_the_same_records_again_and_another_draws_others() {
    long[] once = LongStream.generate(scrambled(7)).limit(100).toArray();
    assertThat(LongStream.generate(scrambled(7)).limit(100).toArray()).isEqualTo(once);
    assertThat(LongStream.generate(scrambled(8)).limit(100).toArray()).isNotEqualTo(once);
  }

  @Test
  void records_are_drawn_as_often_as_YCSB_draws_them() {
    double[] theirs = frequencies(new ScrambledZipfianGenerator(RECORDS)::nextValue);
    assertThat(distance(frequencies(scrambled(7)), theirs)).isLessThan(EQUAL);
    double[] even = new double[RECORDS];
    Arrays.fill(even, 1.0 / RECORDS);
    assertThat(distance(even, theirs)).isGreaterThan(0.1);
  }

  /// YCSB's own is right only for the number of records that it began with: it goes on using a constant of that.
  @Test
  void new_records_are_drawn_as_often_as_YCSB_draws_them_also_if_they_came_one_by_one() {
    SkewedLatest ours = new SkewedLatest(RECORDS / 2, new SplittableRandom(7));
    for (int now = RECORDS / 2 + 1; now <= RECORDS; now++) {
      ours.next(now);
    }
    double[] mine = frequencies(() -> ours.next(RECORDS));
    SkewedLatestGenerator ycsb = new SkewedLatestGenerator(new CounterGenerator(RECORDS));
    assertThat(distance(mine, frequencies(ycsb::nextValue))).isLessThan(EQUAL);
    assertThat(mine[RECORDS - 1]).isGreaterThan(10 * mine[RECORDS / 2]);
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
