package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Learned interest follows use down as well as up (§9.0.2).
@DisplayNameGeneration(ReplaceUnderscores.class)
class FadingTest {

  private static final int HALF_LIFE = 20_000;

  private final Grove grove =
      Grove.of(
          1, 2, 3, StoreConfig.DEFAULT.withHalfLifeNanos(TimeUnit.MILLISECONDS.toNanos(HALF_LIFE)));
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Worker c = grove.worker(2);

  private void advance(double halfLives) {
    grove.advanceMillis((long) (halfLives * HALF_LIFE));
  }

  private void read(Worker worker, String key, int times) {
    for (int i = 0; i < times; i++) {
      grove.get(worker, key);
    }
  }

  @Test
  void what_was_read_once_is_kept_current_for_one_half_life_and_then_let_go() {
    grove.put(a, "p/x", "1");
    grove.get(b, "p/x");
    advance(0.9);
    grove.put(a, "p/x", "2");
    advance(0.05);
    assertThat(Grove.value(b, "p/x")).isEqualTo("2");
    assertThat(grove.tagsAtParentOf(b))
        .as("key, prefix held under and asked about, all")
        .isEqualTo(4);
    advance(0.1);
    assertThat(b.interestTags()).isEmpty();
    assertThat(b.held()).isEmpty();
    assertThat(b.digest()).isZero();
    assertThat(grove.tagsAtParentOf(b)).isZero();
    assertThat(Grove.counter(b, "faded")).isEqualTo(1);
    grove.put(a, "p/x", "3");
    grove.advanceMillis(100);
    assertThat(b.held()).isEmpty();
    assertThat(Grove.counter(b, "unwanted")).isZero();
    long history = grove.command(b, r -> new StoreCommand.History(r, "p/x"));
    assertThat(((StoreOutcome.Revisions) grove.last(b, history)).revisions()).isEmpty();
  }

  @Test
  void a_read_after_that_fetches_what_was_written_meanwhile_as_the_first_one_did() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    advance(2);
    grove.put(a, "x", "2");
    advance(0.1);
    long asks = Grove.counter(b, "asks");
    Version version = a.newest("x").orElseThrow().version();
    long get = grove.get(b, "x");
    assertThat(grove.outcomes(b, get)).isEmpty();
    grove.advanceMillis(100);
    assertThat(grove.last(b, get))
        .isEqualTo(new StoreOutcome.Value(get, "x", version, Bytes.utf8("2"), false));
    assertThat(Grove.counter(b, "asks")).isEqualTo(asks + 1);
    grove.put(a, "x", "3");
    grove.advanceMillis(100);
    assertThat(Grove.value(b, "x")).isEqualTo("3");
  }

  @Test
  void twice_the_use_is_kept_one_half_life_longer_up_to_five() {
    grove.put(a, "once", "1");
    grove.put(a, "four", "1");
    grove.put(a, "often", "1");
    grove.advanceMillis(200);
    read(b, "once", 1);
    read(b, "four", 4);
    read(b, "often", 1_000);
    advance(0.98);
    assertThat(b.held()).hasSize(3);
    advance(0.06);
    assertThat(b.held()).extracting(Worker.Held::key).containsExactly("four", "often");
    advance(1.94);
    assertThat(b.held()).as("after 2.98").hasSize(2);
    advance(0.06);
    assertThat(b.held()).extracting(Worker.Held::key).containsExactly("often");
    advance(1.94);
    assertThat(b.held()).as("after 4.98").hasSize(1);
    advance(0.06);
    assertThat(b.held()).isEmpty();
  }

  @Test
  void what_is_used_now_and_then_stays() {
    grove.put(a, "x", "1");
    for (int i = 0; i < 20; i++) {
      grove.get(b, "x");
      advance(0.9);
    }
    assertThat(b.held()).hasSize(1);
    assertThat(Grove.counter(b, "faded")).isZero();
  }

  @Test
  void what_a_worker_wrote_last_does_not_fade_until_another_writes_it_anew() {
    grove.put(a, "x", "1");
    grove.put(a, "y", "1");
    advance(10);
    assertThat(a.held()).hasSize(2);
    grove.put(b, "x", "2"); // asks, as it does not know the key: that defers it a little
    advance(0.5);
    assertThat(a.held()).extracting(Worker.Held::key).containsExactly("y");
    advance(10);
    assertThat(Grove.value(b, "x")).isEqualTo("2");
    long get = grove.get(c, "x");
    grove.advanceMillis(100);
    assertThat(grove.last(c, get)).isInstanceOf(StoreOutcome.Value.class);
  }

  @Test
  void a_deleted_key_does_not_fade_before_its_tombstone_goes() {
    grove.put(a, "x", "1");
    advance(0.1);
    grove.delete(b, "x");
    advance(10);
    assertThat(a.held()).singleElement().matches(Worker.Held::deleted);
    assertThat(b.held()).singleElement().matches(Worker.Held::deleted);
  }

  @Test
  void what_is_watched_does_not_fade_and_what_was_used_long_ago_goes_with_the_watch() {
    grove.put(a, "p/x", "1");
    grove.put(a, "y", "1");
    grove.advanceMillis(100);
    long prefix = grove.watch(b, "p/");
    long key = grove.watchKey(b, "y");
    grove.get(b, "y");
    advance(10);
    assertThat(b.held()).hasSize(2);
    assertThat(b.interests()).isEqualTo(new Worker.Interests(0, 2, false));
    grove.command(b, r -> new StoreCommand.Unwatch(r, prefix));
    grove.command(b, r -> new StoreCommand.Unwatch(r, key));
    assertThat(b.held()).isEmpty();
    assertThat(b.interestTags()).isEmpty();
  }

  @Test
  void a_key_of_its_own_fades_under_a_watch_of_its_prefix_and_its_value_stays() {
    grove.put(a, "p/x", "1");
    grove.get(b, "p/x");
    grove.advanceMillis(100);
    grove.watch(b, "p/");
    advance(2);
    assertThat(b.interestTags()).hasSize(1);
    grove.put(a, "p/x", "2");
    grove.advanceMillis(100);
    assertThat(Grove.value(b, "p/x")).isEqualTo("2");
  }

  @Test
  void what_was_used_under_a_watch_counts_as_used_when_it_ends() {
    grove.put(a, "p/x", "1");
    grove.advanceMillis(100);
    long watch = grove.watch(b, "p/");
    grove.advanceMillis(100);
    grove.get(b, "p/x");
    advance(3);
    grove.command(b, r -> new StoreCommand.Unwatch(r, watch));
    advance(0.9);
    assertThat(b.interests()).isEqualTo(new Worker.Interests(1, 0, false));
    advance(0.2);
    assertThat(b.interests()).isEqualTo(new Worker.Interests(0, 0, false));
  }

  @Test
  void nothing_fades_while_it_could_not_be_fetched_again() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    grove.advanceMillis(200);
    grove.listening(new NodeId(0), false);
    grove.kill(grove.parentOf(b));
    grove.advanceMillis(100);
    assertThat(b.connected()).isFalse();
    advance(5);
    assertThat(Grove.value(b, "x")).isEqualTo("1");
    grove.listening(new NodeId(0), true);
    grove.advanceMillis(30_000);
    assertThat(b.connected()).isTrue();
    assertThat(b.held()).isEmpty();
  }

  @Test
  void whoever_has_just_answered_stays_as_long_as_a_question_may_take() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    advance(0.5);
    grove.kill(Grove.idOf(a));
    advance(0.45);
    grove.get(c, "x");
    advance(0.1);
    assertThat(Grove.value(b, "x")).isEqualTo("1");
    advance(0.5);
    assertThat(b.held()).isEmpty();
    assertThat(Grove.value(c, "x")).isEqualTo("1");
  }

  @Tag("costly")
  @Test
  void what_fades_together_is_withdrawn_in_few_messages() {
    int keys = 5_000;
    for (int i = 0; i < keys; i++) {
      grove.put(a, "p/" + i, "1");
    }
    for (int i = 0; i < keys; i++) {
      grove.get(b, "p/" + i);
      if (i % 500 == 0) {
        grove.advanceMillis(100);
      }
    }
    grove.advanceMillis(10_000);
    assertThat(b.held()).hasSize(keys);
    int[] messages = {0};
    NodeId parent = grove.parentOf(b);
    grove.fate((to, message) -> {
      if (to.equals(parent) && message instanceof Message.Interest interest) {
        assertThat(interest.added()).isEmpty();
        messages[0]++;
      }
      return List.of(message);
    });
    advance(2);
    assertThat(b.held()).isEmpty();
    assertThat(grove.tagsAtParentOf(b)).isZero();
    assertThat(messages[0]).isBetween(1, 10);
  }

  @Tag("costly")
  @Test
  void without_a_half_life_nothing_fades() {
    Grove lasting = Grove.of(1, 2, 2, StoreConfig.DEFAULT.withHalfLifeNanos(StoreConfig.NEVER));
    lasting.put(lasting.worker(0), "x", "1");
    lasting.get(lasting.worker(1), "x");
    lasting.advanceMillis(TimeUnit.HOURS.toMillis(3));
    assertThat(Grove.value(lasting.worker(1), "x")).isEqualTo("1");
  }
}
