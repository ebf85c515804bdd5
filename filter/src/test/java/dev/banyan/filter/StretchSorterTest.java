package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StretchSorterTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 10, 30, 63})
  void sortsUniformAndCrowdedStretchesAlike(int bits) {
    SplittableRandom random = new SplittableRandom(bits);
    StretchSorter sorter = new StretchSorter(bits);
    for (int i = 0; i < 300; i++) {
      int crowded = i % 3 == 0 ? random.nextInt(bits) : 0;
      long[] stretch =
          random.longs(random.nextInt(5_000)).map(v -> v >>> (64 - bits) >>> crowded).toArray();
      long[] expected = stretch.clone();
      Arrays.sort(expected);
      long[] sorted = sorter.sort(stretch, stretch.length);
      assertThat(Arrays.copyOf(sorted, stretch.length)).isEqualTo(expected);
    }
  }
}
