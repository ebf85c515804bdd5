package dev.banyan.node.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchQueueTest {

  private static final Object READER = "reader";

  private final WatchBudget budget = new WatchBudget(10_000_000);
  private final WatchQueue queue = begun(budget);

  private static WatchQueue begun(WatchBudget budget) {
    WatchQueue queue = new WatchQueue(budget);
    queue.begin(READER);
    return queue;
  }

  @Test
  void of_a_key_that_changes_while_its_reader_is_behind_only_the_newest_revision_waits()
      throws InterruptedException {
    queue.offer(change("a", 1, 10));
    queue.offer(change("b", 2, 10));
    queue.offer(change("a", 3, 10));

    assertThat(versions(drained())).containsExactly(3L, 2L);
  }

  @Test
  void what_waits_costs_what_it_takes_until_it_has_been_sent() throws InterruptedException {
    queue.offer(change("a", 1, 100_000));
    queue.offer(change("b", 2, 100_000));
    queue.offer(change("b", 3, 10));
    assertThat(queue.waitingBytes()).isBetween(100_010L, 101_000L);
    queue.poll(READER, 1);
    assertThat(queue.waitingBytes()).as("it is on its way").isBetween(100_010L, 101_000L);
    queue.poll(READER, 1);
    assertThat(queue.waitingBytes()).isBetween(10L, 1_000L);
    queue.sent(READER);
    assertThat(queue.waitingBytes()).isZero();
  }

  @Test
  void what_a_reader_has_taken_opens_the_stores_window_as_far_as_it_was_used()
      throws InterruptedException {
    long told = 0;
    for (int i = 0; i < 10; i++) {
      StoreOutcome.Changed change = change("key" + i % 7, i + 1, 100 * i);
      told += change.sizeBytes();
      queue.offer(change);
    }
    assertThat(drained()).hasSize(7);
    queue.sent(READER);
    assertThat(queue.taken(told + 1)).isZero();
    assertThat(queue.taken(told)).as("those that were overtaken, too").isEqualTo(told);
    assertThat(queue.taken(1)).isZero();
  }

  @Test
  void what_finds_no_room_is_not_taken_and_everything_is_given_back_at_the_end() {
    WatchBudget small = new WatchBudget(320);
    WatchQueue tight = begun(small);
    assertThat(tight.offer(change("a", 1, 10))).isTrue();
    assertThat(tight.offer(change("b", 2, 10))).isTrue();
    assertThat(tight.offer(change("c", 3, 10))).isFalse();
    assertThat(tight.offer(change("a", 4, 10))).as("in the place of the one before").isTrue();
    tight.end();
    assertThat(small.usedBytes()).isZero();
    assertThat(tight.offer(change("d", 5, 10))).as("nobody misses it").isTrue();
    assertThat(small.usedBytes()).isZero();
  }

  @Test
  void a_reader_that_comes_back_is_told_again_what_followed_the_last_it_saw()
      throws InterruptedException {
    for (int i = 1; i <= 5; i++) {
      queue.offer(change("key" + i, i, 10));
    }
    drained();
    queue.offer(change("key6", 6, 10));

    Object again = "again";
    assertThat(queue.resumeAfter(3, again)).isTrue();
    assertThat(queue.poll(READER, 60_000)).as("the earlier one gets nothing any more").isNull();
    List<WatchQueue.Told> told = new ArrayList<>();
    while (!queue.isEmpty()) {
      told.add(queue.poll(again, 1));
    }
    assertThat(told).extracting(WatchQueue.Told::number).containsExactly(4L, 5L, 6L);
    assertThat(queue.resumeAfter(7, again)).as("not told yet").isFalse();
    assertThat(queue.resumeAfter(-1, again)).isFalse();
  }

  @Test
  void what_was_told_long_ago_or_was_too_large_to_keep_cannot_be_told_again()
      throws InterruptedException {
    for (int i = 1; i <= 10; i++) {
      queue.offer(change("key" + i, i, 1 << 20));
      drained();
    }
    assertThat(queue.resumeAfter(1, READER)).isFalse();
    assertThat(queue.resumeAfter(9, READER)).isTrue();
    queue.forgetTold();
    assertThat(queue.resumeAfter(9, READER)).isFalse();
    assertThat(queue.resumeAfter(10, READER)).as("nothing was missed").isTrue();
    queue.end();
    assertThat(budget.usedBytes()).isZero();
  }

  private List<WatchQueue.Told> drained() throws InterruptedException {
    List<WatchQueue.Told> told = new ArrayList<>();
    while (!queue.isEmpty()) {
      told.add(queue.poll(READER, 1));
    }
    return told;
  }

  private static List<Long> versions(List<WatchQueue.Told> told) {
    return told.stream()
        .map(event -> ((StoreOutcome.Changed) event.outcome()).revision().version().lamport())
        .toList();
  }

  static StoreOutcome.Changed change(String key, long lamport, int valueBytes) {
    Version version = new Version(lamport, new NodeId(7), new Session(1, 2));
    return new StoreOutcome.Changed(
        1, new Revision(key, version, Optional.of(Bytes.wrap(new byte[valueBytes]))));
  }
}
