package dev.banyan.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactFilterTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithAMultisetThroughRandomOperations(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ExactFilter filter = new ExactFilter();
    Map<Long, Integer> oracle = new TreeMap<>();
    for (int i = 0; i < 250_000; i++) {
      // Phases of growth and of decline, so that the table resizes both ways.
      boolean grow = random.nextInt(10) < ((i / 20_000) % 2 == 0 ? 7 : 3);
      long tag = random.nextLong(3_000) * (seed == 1 ? 1L << 48 : 1);
      if (grow) {
        boolean first = oracle.merge(tag, 1, Integer::sum) == 1;
        assertThat(filter.add(tag)).isEqualTo(first);
      } else {
        Integer before = oracle.get(tag);
        assertThat(filter.remove(tag)).isEqualTo(before != null && before == 1);
        if (before != null) {
          if (before == 1) {
            oracle.remove(tag);
          } else {
            oracle.put(tag, before - 1);
          }
        }
      }
      long probe = random.nextLong(3_000) * (seed == 1 ? 1L << 48 : 1);
      assertThat(filter.mightContain(probe)).isEqualTo(oracle.containsKey(probe));
      assertThat(filter.size()).isEqualTo(oracle.size());
    }
    long[] expected = oracle.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    assertThat(filter.toSortedArray()).isEqualTo(expected);
  }

  @Test
  void equalSetsEncodeToEqualBytesAndComeBack() {
    ExactFilter one = new ExactFilter();
    ExactFilter other = new ExactFilter();
    for (long tag = 0; tag < 100; tag++) {
      one.add(tag * 7919);
      other.add((99 - tag) * 7919);
    }
    assertThat(one.encode()).isEqualTo(other.encode());
    InterestFilter decoded = InterestFilter.decode(one.encode(), 100);
    assertThat(decoded.size()).isEqualTo(100);
    assertThat(decoded.mightContain(7919)).isTrue();
    assertThat(decoded.mightContain(7920)).isFalse();
  }

  @Test
  void aUnionContainsWhatEitherDid() {
    ExactFilter one = new ExactFilter();
    ExactFilter other = new ExactFilter();
    one.add(1);
    other.add(2);
    one.union(other);
    assertThat(one.toSortedArray()).containsExactly(1, 2);
  }

  @Test
  void hostileBytesAreRefusedWithOneLine() {
    ExactFilter filter = new ExactFilter();
    for (long tag = 0; tag < 50; tag++) {
      filter.add(tag);
    }
    byte[] good = filter.encode();
    assertThatIllegalArgumentException().isThrownBy(() -> InterestFilter.decode(good, 49));
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 8));
      for (int flips = random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(InterestFilter.decode(bad, 1_000).size()).isLessThanOrEqualTo(1_000);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      }
    }
  }
}
