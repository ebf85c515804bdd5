package dev.banyan.store.watching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PassedTest {

  private final Passed passed = new Passed();

  private static String key(int number) {
    return "k" + (10_000 + number);
  }

  @Test
  void each_key_was_passed_when_its_stretch_was() {
    passed.until(key(10), 3);
    passed.until(key(20), 7);
    assertThat(passed.at(key(0), 99)).isEqualTo(3);
    assertThat(passed.at(key(10), 99)).isEqualTo(3);
    assertThat(passed.at(key(11), 99)).isEqualTo(7);
    assertThat(passed.at(key(21), 99)).isEqualTo(99);
  }

  @Test
  void of_very_many_stretches_none_counts_from_a_later_change_than_its_own() {
    int stretches = 1_001;
    for (int i = 0; i < stretches; i++) {
      passed.until(key(i), i);
    }
    for (int i = 0; i < stretches; i++) {
      assertThat(passed.at(key(i), Long.MAX_VALUE)).isBetween(0L, (long) i);
    }
    assertThat(passed.at(key(stretches - 1), 0)).as("the latest are exact").isGreaterThan(900);
  }
}
