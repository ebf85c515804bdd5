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
      int half = stretch.length / 2;
      gather(sorter, stretch, 0, half);
      gather(sorter, stretch, half, stretch.length);
      assertThat(sorter.count()).isEqualTo(stretch.length);
      long[] sorted = sorter.sort();
      assertThat(Arrays.copyOf(sorted, stretch.length)).isEqualTo(expected);
    }
  }

  private static void gather(StretchSorter sorter, long[] stretch, int from, int to) {
    long[] room = sorter.room(to - from);
    System.arraycopy(stretch, from, room, sorter.count(), to - from);
    sorter.filledTo(sorter.count() + to - from);
  }
}
