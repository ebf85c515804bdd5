package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A store has a limit: what can be fetched again gives way, what cannot is refused.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomTest {

  private static final int LIMIT = 8 << 20;
  private static final int HALF_LIFE = 600_000;
  private static final StoreConfig CONFIG =
      StoreConfig.DEFAULT
          .withHalfLifeNanos(TimeUnit.MILLISECONDS.toNanos(HALF_LIFE))
          .withLimitBytes(LIMIT);

  /// Counted with 24 bytes more.
  private static final int SIZE = 256 << 10;

  private final Grove grove = Grove.of(1, 1, 2, CONFIG);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);

  private StoreOutcome put(Worker worker, String key, int size) {
    long put = grove.command(worker, r -> new StoreCommand.Put(r, key, Bytes.wrap(new byte[size])));
    grove.advanceMillis(20);
    return grove.last(worker, put);
  }

  private StoreOutcome read(Worker worker, String key) {
    long get = grove.get(worker, key);
    grove.advanceMillis(100);
    return grove.last(worker, get);
  }

  private int fill(Worker worker, String prefix) {
    int n = 0;
    while (n < 100 && put(worker, prefix + n, SIZE) instanceof StoreOutcome.Written) {
      n++;
    }
    return n;
  }

  private static boolean isFull(StoreOutcome outcome) {
    return outcome instanceof StoreOutcome.Refused refused
        && refused.kind() == StoreOutcome.Refused.Kind.FULL;
  }

  @Test
  void a_full_worker_refuses_writes_and_goes_on_reading() {
    put(b, "elsewhere", SIZE);
    put(b, "large", StoreCommand.MAX_VALUE_BYTES);
    int n = fill(a, "own/");
    assertThat(n).isBetween(28, 31);
    assertThat(a.memory().usedBytes()).isLessThanOrEqualTo(LIMIT);
    assertThat(a.memory().pinnedBytes()).isGreaterThan(LIMIT * 9L / 10);
    assertThat(isFull(put(a, "another", SIZE))).isTrue();
    assertThat(read(a, "own/0")).isInstanceOf(StoreOutcome.Value.class);
    assertThat(read(a, "elsewhere")).isInstanceOf(StoreOutcome.Value.class);
    assertThat(read(a, "large")).isInstanceOf(StoreOutcome.Value.class);
    assertThat(read(a, "absent")).isInstanceOf(StoreOutcome.Absent.class);
    for (int i = 0; i < n; i++) {
      assertThat(a.newest("own/" + i)).as("own writes are never let go").isPresent();
    }
    assertThat(a.memory().usedBytes()).isLessThanOrEqualTo(LIMIT);
    assertThat(Grove.counter(a, "full")).isEqualTo(2);
  }

  @Test
  void what_is_deleted_makes_room() {
    int n = fill(a, "own/");
    assertThat(isFull(put(a, "another", SIZE))).isTrue();
    for (int i = 0; i < 3; i++) {
      grove.delete(a, "own/" + (n - 1 - i));
    }
    assertThat(put(a, "another", SIZE)).isInstanceOf(StoreOutcome.Written.class);
    assertThat(put(a, "own/0", SIZE))
        .as("no larger than before")
        .isInstanceOf(StoreOutcome.Written.class);
  }

  @Test
  void several_values_at_once_are_written_all_or_none() {
    int n = fill(a, "own/");
    List<StoreCommand.PutAll.Entry> entries =
        List.of(
            new StoreCommand.PutAll.Entry("small", Bytes.EMPTY),
            new StoreCommand.PutAll.Entry("large", Bytes.wrap(new byte[SIZE])));
    long put = grove.command(a, r -> new StoreCommand.PutAll(r, entries));
    assertThat(grove.outcomes(a, put)).hasSize(1).allMatch(RoomTest::isFull);
    assertThat(a.size()).isEqualTo(n);
    long swap =
        grove.command(
            a,
            r ->
                new StoreCommand.CompareAndSet(
                    r,
                    "new",
                    java.util.Optional.empty(),
                    java.util.Optional.of(Bytes.wrap(new byte[SIZE]))));
    grove.advanceMillis(100);
    assertThat(grove.outcomes(a, swap)).hasSize(1).allMatch(RoomTest::isFull);
  }

  @Test
  void what_was_learned_is_let_go_least_used_first_and_fetched_again_when_needed() {
    for (int i = 0; i < 20; i++) {
      put(b, "b/" + i, SIZE);
      read(a, "b/" + i);
    }
    for (int i = 0; i < 10; i++) {
      read(a, "b/0");
      read(a, "b/1");
    }
    grove.advanceMillis(10_000); // Nobody was answered about them lately.
    for (int i = 0; i < 20; i++) {
      assertThat(put(a, "own/" + i, SIZE)).isInstanceOf(StoreOutcome.Written.class);
    }
    assertThat(Grove.counter(a, "shed")).isBetween(9L, 13L);
    assertThat(a.newest("b/0")).isPresent();
    assertThat(a.newest("b/1")).isPresent();
    assertThat(a.newest("b/2")).isEmpty();
    assertThat(a.memory().usedBytes()).isLessThanOrEqualTo(LIMIT);
    assertThat(read(a, "b/2")).isInstanceOf(StoreOutcome.Value.class);
    assertThat(a.memory().usedBytes()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void while_it_is_cut_off_nothing_is_let_go_as_it_could_not_be_fetched_again() {
    for (int i = 0; i < 20; i++) {
      put(b, "b/" + i, SIZE);
      read(a, "b/" + i);
    }
    grove.advanceMillis(10_000);
    grove.listening(new NodeId(0), false);
    grove.listening(new NodeId(1), false);
    grove.cutAll(Grove.idOf(a));
    grove.advanceMillis(100);
    StoreOutcome first = put(a, "own/first", SIZE);
    assertThat(first)
        .isInstanceOfSatisfying(
            StoreOutcome.Written.class, written -> assertThat(written.connected()).isFalse());
    fill(a, "own/");
    for (int i = 0; i < 20; i++) {
      assertThat(a.newest("b/" + i)).isPresent();
    }
  }

  @Test
  void a_watch_that_would_exceed_the_limit_ends_and_says_so() {
    long small = grove.watch(a, "small/");
    long watch = grove.watch(a, "b/");
    grove.advanceMillis(100);
    put(b, "small/x", 10);
    for (int i = 0; i < 25; i++) {
      put(b, "b/" + i, SIZE);
    }
    for (int i = 0; i < 10; i++) {
      put(a, "own/" + i, SIZE);
    }
    assertThat(isFull(put(a, "own/x", SIZE))).as("a write does not end a watch").isTrue();
    for (int i = 25; i < 30; i++) {
      put(b, "b/" + i, SIZE);
    }
    assertThat(isFull(grove.last(a, watch))).isTrue();
    assertThat(isFull(grove.last(a, small))).isFalse();
    assertThat(Grove.counter(a, "watchesEnded")).isEqualTo(1);
    assertThat(a.newest("b/0")).isEmpty();
    assertThat(a.newest("small/x")).isPresent();
    assertThat(a.memory().usedBytes()).isLessThanOrEqualTo(LIMIT);
    put(b, "small/y", 10);
    assertThat(a.newest("small/y")).isPresent();
  }

  @Test
  void history_gives_way_before_anything_else() {
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 40; i++) {
        put(a, "own/" + i, 20_000);
      }
    }
    long history = grove.command(a, r -> new StoreCommand.History(r, "own/0"));
    assertThat(((StoreOutcome.Revisions) grove.last(a, history)).revisions()).hasSize(4);
    fill(a, "more/");
    assertThat(a.memory().usedBytes()).isGreaterThan(LIMIT - 2L * SIZE);
    history = grove.command(a, r -> new StoreCommand.History(r, "own/0"));
    assertThat(((StoreOutcome.Revisions) grove.last(a, history)).revisions()).hasSize(1);
  }

  @Tag("costly")
  @Test
  void what_is_counted_is_what_is_held() {
    SplittableRandom random = new SplittableRandom(7);
    Worker[] both = {a, b};
    for (int step = 0; step < 3_000; step++) {
      Worker worker = both[random.nextInt(2)];
      String key = "p/" + random.nextInt(3) + "/" + random.nextInt(30);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          byte[] value = new byte[random.nextInt(40_000)];
          grove.command(worker, r -> new StoreCommand.Put(r, key, Bytes.wrap(value)));
        }
        case 4 -> grove.delete(worker, key);
        case 5 -> {
          long watch = grove.watch(worker, "p/" + random.nextInt(3) + "/");
          grove.advanceMillis(random.nextInt(200));
          grove.command(worker, r -> new StoreCommand.Unwatch(r, watch));
        }
        case 6 -> {
          if (random.nextInt(20) == 0) {
            grove.cutAll(Grove.idOf(worker));
          }
        }
        default -> grove.get(worker, key);
      }
      grove.advanceMillis(random.nextInt(20));
      assertThat(worker.memory().usedBytes()).isLessThanOrEqualTo(LIMIT + SIZE);
      assertThat(worker.countedAnew()).isEqualTo(worker.memory().usedBytes());
    }
  }
}
