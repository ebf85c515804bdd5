package dev.banyan.protocol.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Message;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TallyTest {

  private final Tally tally = new Tally();

  private long value(String name) {
    return tally.toList().stream()
        .filter(counter -> counter.name().equals(name))
        .mapToLong(Message.Counter::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void counters_go_on_beyond_32_bits_each_for_itself() {
    for (int i = 0; i < 5; i++) {
      tally.count(Tally.Count.MULTICASTS_OUT, Integer.MAX_VALUE);
      tally.count(Tally.Count.DELIVERED);
    }
    assertThat(value("multicastsOut")).isEqualTo(5L * Integer.MAX_VALUE);
    assertThat(value("delivered")).isEqualTo(5);
  }

  @Test
  void what_happened_no_times_is_not_counted() {
    tally.count(Tally.Count.DELIVERED, 0);
    assertThat(value("delivered")).isZero();
  }
}
