package dev.banyan.store.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LongMapTest {

  private static final int KEYS = 200_000;

  /// What the SplitMix64 finaliser makes of it is `mixed`: each of its steps undone, last first.
  private static long unmixed(long mixed) {
    long z = unshifted(mixed, 31) * inverse(0x94D049BB133111EBL);
    z = unshifted(z, 27) * inverse(0xBF58476D1CE4E5B9L);
    return unshifted(z, 30);
  }

  private static long unshifted(long z, int shift) {
    return z ^ (z >>> shift) ^ (z >>> 2 * shift);
  }

  /// Newton's iteration: each round doubles the number of right bits.
  private static long inverse(long odd) {
    long x = odd;
    for (int i = 0; i < 6; i++) {
      x *= 2 - odd * x;
    }
    return x;
  }

  @Test
  void keys_chosen_to_collide_without_the_seed_do_not_collide_with_it() {
    LongMap<String> map = new LongMap<>(0x5DEECE66DL);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < KEYS; i++) {
            long collidesWithoutSeed = unmixed(i);
            assertThat(Mix.mix(collidesWithoutSeed)).isEqualTo(i);
            map.put(collidesWithoutSeed, "x");
          }
        });
    assertThat(map.size()).isEqualTo(KEYS);
  }

  @Test
  void what_was_put_is_found_and_what_was_removed_is_not() {
    LongMap<Long> map = new LongMap<>(7);
    for (long key = 0; key < 1_000; key++) {
      map.put(key, -key);
    }
    for (long key = 0; key < 1_000; key += 3) {
      assertThat(map.remove(key)).isEqualTo(-key);
    }
    for (long key = 0; key < 1_000; key++) {
      assertThat(map.get(key)).isEqualTo(key % 3 == 0 ? null : Long.valueOf(-key));
    }
    assertThat(map.size()).isEqualTo(map.sortedKeys().length).isEqualTo(666);
  }
}
