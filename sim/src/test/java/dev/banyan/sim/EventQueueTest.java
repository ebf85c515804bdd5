package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {

  private record Expected(long at, long number) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void entries_come_in_order_of_time_and_ties_in_order_of_arrival(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    EventQueue queue = new EventQueue();
    PriorityQueue<Expected> reference =
        new PriorityQueue<>(
            Comparator.comparingLong(Expected::at).thenComparingLong(Expected::number));
    long now = 0;
    long number = 0;
    for (int i = 0; i < 200_000; i++) {
      boolean add = reference.isEmpty() || random.nextInt(100) < (i < 100_000 ? 55 : 40);
      if (add) {
        long at = now + delay(random);
        queue.add(at, EventQueue.What.ACTION, this, this, number);
        reference.add(new Expected(at, number++));
      } else {
        Expected expected = reference.remove();
        assertThat(queue.nextAtNanos()).isEqualTo(expected.at());
        EventQueue.Entry entry = queue.poll();
        assertThat(new Expected(entry.atNanos, entry.number)).isEqualTo(expected);
        now = entry.atNanos;
        queue.recycle(entry);
      }
      assertThat(queue.size()).isEqualTo(reference.size());
    }
  }

  /// Now, soon, within the fine wheel, within the coarse one, beyond both.
  private static long delay(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> random.nextLong(1_000);
      case 2 -> random.nextLong(1_000_000);
      case 3 -> random.nextLong(5_000_000_000L);
      case 4 -> random.nextLong(3_600_000_000_000L);
      default -> random.nextLong(40_000_000_000_000L);
    };
  }

  @Test
  void an_empty_queue_has_nothing_due() {
    EventQueue queue = new EventQueue();
    assertThat(queue.nextAtNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.poll()).isNull();
    queue.add(5, EventQueue.What.ACTION, this, this, 1);
    assertThat(queue.poll()).isNotNull();
    assertThat(queue.nextAtNanos()).isEqualTo(Long.MAX_VALUE);
  }
}
