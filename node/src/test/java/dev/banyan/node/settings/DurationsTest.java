package dev.banyan.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0s, 0",
    "200us, 200000",
    "200ms, 200000000",
    "1.5s, 1500000000",
    "2m, 120000000000",
    "1h, 3600000000000"
  })
  void a_number_with_a_unit_is_a_time(String text, long nanos) {
    assertThat(Durations.parse(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1x", "s", "-1s", "1 second", "1e3s", "99999999h"})
  void anything_else_is_none(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000, 2_500, 333_333, 200_000_000, 1_500_000_000, 60_000_000_000L})
  void what_is_written_reads_back(long nanos) {
    assertThat(Durations.parse(Durations.text(nanos))).isEqualTo(nanos);
  }
}
