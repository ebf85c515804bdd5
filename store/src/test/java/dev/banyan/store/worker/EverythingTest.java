package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.write.Names;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Watching the empty prefix: an archive in memory.
@DisplayNameGeneration(ReplaceUnderscores.class)
class EverythingTest {

  private final Grove grove = Grove.of(1, 3, 6);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Worker c = grove.worker(2);
  private final Worker archive = grove.worker(3);
  private final long everything = new Names(Grove.TAGGER, 3).prefixTag("");

  private void heal() {
    grove.fate((to, message) -> List.of(message));
  }

  @Test
  void it_holds_what_was_written_before_and_what_is_written_after() {
    grove.put(a, "plain", "1");
    grove.put(b, "deep/down/in/the/tree", "1");
    grove.delete(c, "gone");
    grove.advanceMillis(200);
    long watch = grove.watch(archive, "");
    grove.advanceMillis(500);
    assertThat(grove.told(archive, watch))
        .containsExactlyInAnyOrder("plain=1", "deep/down/in/the/tree=1", "gone-");
    assertThat(grove.last(archive, watch)).isInstanceOf(StoreOutcome.CaughtUp.class);
    grove.put(a, "plain", "2");
    grove.put(c, "new", "1");
    grove.advanceMillis(200);
    assertThat(archive.held())
        .extracting(Worker.Held::key)
        .containsExactly("deep/down/in/the/tree", "gone", "new", "plain");
    assertThat(Grove.value(archive, "plain")).isEqualTo("2");
    assertThat(archive.isSettled(archive.tagsOf("plain")[0])).isTrue();
    assertThat(archive.interests()).isEqualTo(new Worker.Interests(0, 1, true));
  }

  @Test
  void when_all_others_are_gone_a_newcomer_reads_everything_from_it() {
    for (int i = 0; i < 20; i++) {
      grove.put(grove.worker(i % 3), i % 2 == 0 ? "p/" + i : "" + i, "v" + i);
    }
    grove.advanceMillis(200);
    grove.watch(archive, "");
    grove.advanceMillis(500);
    for (Worker worker : grove.workers) {
      if (worker != archive) {
        grove.kill(Grove.idOf(worker));
      }
    }
    grove.advanceMillis(5_000);
    Worker newcomer = grove.worker();
    grove.advanceMillis(1_000);
    for (int i = 0; i < 20; i++) {
      grove.get(newcomer, i % 2 == 0 ? "p/" + i : "" + i);
    }
    long never = grove.get(newcomer, "never written");
    long watch = grove.watch(newcomer, "p/");
    grove.advanceMillis(500);
    assertThat(newcomer.digest()).isEqualTo(archive.digest());
    assertThat(grove.last(newcomer, never)).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(grove.last(newcomer, watch)).isInstanceOf(StoreOutcome.CaughtUp.class);
  }

  @Test
  void a_second_one_is_answered_by_the_first_alone() {
    for (int i = 0; i < 10; i++) {
      grove.put(a, "k" + i, "v");
    }
    grove.watch(archive, "");
    grove.advanceMillis(500);
    long answers = Grove.counter(a, "answers");
    Worker second = grove.worker(4);
    long watch = grove.watch(second, "");
    grove.advanceMillis(500);
    assertThat(grove.last(second, watch)).isInstanceOf(StoreOutcome.CaughtUp.class);
    assertThat(second.digest()).isEqualTo(archive.digest());
    assertThat(Grove.counter(a, "answers")).isEqualTo(answers);
  }

  @Test
  void it_advertises_no_keys_and_keeps_what_was_used_when_the_watch_ends() {
    long watch = grove.watch(archive, "");
    grove.advanceMillis(500);
    grove.put(archive, "mine", "1");
    grove.put(a, "p/theirs", "1");
    grove.advanceMillis(200);
    assertThat(archive.interestTags()).containsExactly(everything);
    assertThat(grove.tagsAtParentOf(archive)).isEqualTo(2);
    grove.command(archive, r -> new StoreCommand.Unwatch(r, watch));
    assertThat(archive.held()).extracting(Worker.Held::key).containsExactly("mine");
    assertThat(archive.isSettled(archive.tagsOf("mine")[0])).isTrue();
    assertThat(archive.interests()).isEqualTo(new Worker.Interests(1, 0, false));
    grove.put(b, "mine", "2");
    grove.put(a, "p/theirs", "2");
    grove.advanceMillis(200);
    assertThat(Grove.value(archive, "mine")).isEqualTo("2");
    assertThat(Grove.counter(archive, "unwanted")).isZero();
  }

  @Test
  void a_gap_of_any_tag_unsettles_it_and_is_repaired() {
    grove.put(a, "x", "1");
    grove.watch(archive, "");
    grove.advanceMillis(500);
    NodeId self = Grove.idOf(archive);
    long tag = archive.tagsOf("x")[0];
    grove.fate((to, message) ->
        to.equals(self) && message instanceof Multicast
            ? List.of(new Message.Gap(1, new long[] {tag}))
            : List.of(message));
    grove.put(a, "x", "2");
    grove.advanceMillis(50);
    heal();
    assertThat(archive.isSettled(everything)).isFalse();
    assertThat(archive.isSettled(tag)).isFalse();
    grove.advanceMillis(10_000);
    assertThat(archive.isSettled(everything)).isTrue();
    assertThat(Grove.value(archive, "x")).isEqualTo("2");
  }

  @Test
  void a_gap_while_it_is_fetching_makes_it_fetch_again() {
    grove.put(a, "x", "1");
    grove.watch(archive, "");
    grove.give(
        Grove.idOf(archive),
        new Event.Received(
            archive.tree().view().parentLink().orElseThrow(),
            new Message.Gap(1, new long[] {archive.tagsOf("other")[0]})));
    grove.advanceMillis(1_000);
    assertThat(Grove.counter(archive, "asks")).isGreaterThanOrEqualTo(3);
    assertThat(archive.isSettled(everything)).isTrue();
  }

  @Test
  void a_record_that_is_lost_without_a_mark_is_found_missing() {
    grove.watch(archive, "");
    grove.advanceMillis(500);
    grove.put(a, "x", "1");
    grove.advanceMillis(200);
    NodeId self = Grove.idOf(archive);
    grove.fate((to, message) ->
        to.equals(self) && message instanceof Multicast ? List.of() : List.of(message));
    grove.put(a, "x", "2");
    grove.advanceMillis(50);
    heal();
    assertThat(archive.isSettled(everything)).isTrue();
    grove.put(a, "x", "3");
    grove.advanceMillis(20);
    assertThat(archive.isSettled(everything)).as("suspicious at once").isFalse();
    grove.advanceMillis(10_000);
    assertThat(Grove.counter(archive, "holes")).isEqualTo(1);
    assertThat(archive.isSettled(everything)).isTrue();
    assertThat(Grove.value(archive, "x")).isEqualTo("3");
  }

  @Test
  void a_key_of_its_own_that_is_suspicious_makes_everything_suspicious() {
    grove.get(archive, "x");
    grove.advanceMillis(200);
    long watch = grove.watch(archive, "");
    grove.advanceMillis(500);
    grove.put(a, "x", "1");
    grove.advanceMillis(200);
    NodeId self = Grove.idOf(archive);
    grove.fate((to, message) ->
        to.equals(self) && message instanceof Multicast ? List.of() : List.of(message));
    grove.put(a, "x", "2");
    grove.advanceMillis(50);
    heal();
    grove.put(a, "x", "3");
    grove.advanceMillis(20);
    assertThat(archive.isSettled(everything)).isFalse();
    grove.command(archive, r -> new StoreCommand.Unwatch(r, watch));
    assertThat(archive.isSettled(archive.tagsOf("x")[0])).isFalse();
    grove.advanceMillis(10_000);
    assertThat(archive.isSettled(archive.tagsOf("x")[0])).isTrue();
  }

  @Test
  void after_a_partition_it_is_repaired_and_repairs_others() {
    List<String> keys = IntStream.range(0, 12).mapToObj(i -> "p/" + i).toList();
    keys.forEach(key -> grove.get(b, key));
    grove.watch(archive, "");
    grove.advanceMillis(500);
    NodeId parent = grove.parentOf(archive);
    grove.fate((to, message) -> message instanceof Multicast ? List.of() : List.of(message));
    keys.subList(0, 6).forEach(key -> grove.put(a, key, "from a"));
    keys.subList(6, 12).forEach(key -> grove.put(archive, key, "from the archive"));
    grove.advanceMillis(100);
    heal();
    assertThat(archive.digest()).isNotEqualTo(b.digest());
    grove.kill(parent);
    grove.advanceMillis(15_000);
    assertThat(archive.held()).hasSize(12);
    assertThat(b.digest()).isEqualTo(archive.digest());
    assertThat(archive.isSettled(everything)).isTrue();
  }

  @Test
  void what_is_suspected_of_a_prefix_is_not_forgotten_with_its_watch() {
    grove.watch(archive, "");
    long watch = grove.watch(archive, "p/");
    grove.advanceMillis(1_000);
    grove.put(a, "p/0", "seen");
    grove.advanceMillis(1_000);
    NodeId self = Grove.idOf(archive);
    grove.fate((to, message) ->
        to.equals(self) && message instanceof Multicast ? List.of() : List.of(message));
    grove.put(a, "p/1", "lost");
    grove.advanceMillis(50);
    heal();
    grove.put(a, "p/2", "seen");
    grove.advanceMillis(20);
    assertThat(archive.isSettled(everything)).as("suspicious at once").isFalse();
    grove.command(archive, r -> new StoreCommand.Unwatch(r, watch));
    assertThat(archive.isSettled(everything)).as("still").isFalse();
    grove.advanceMillis(10_000);
    assertThat(archive.isSettled(everything)).isTrue();
    assertThat(Grove.value(archive, "p/1")).isEqualTo("lost");
  }
}
