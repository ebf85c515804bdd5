package dev.banyan.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.WallClock;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nodes over real sockets whose machines have the wrong time.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class WrongClocksTest {

  private static final Duration YEARS = Duration.ofDays(10 * 365);
  private static final Duration LONGER_THAN_A_FRAME = Duration.ofMillis(500);

  private static WallClock wrongBy(Duration ahead) {
    return _ -> System.currentTimeMillis() + ahead.toMillis();
  }

  private static StoreOutcome ask(RunningNode worker, LongFunction<StoreCommand> command) {
    return worker.store().orElseThrow().ask(command).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static void put(RunningNode worker, String key, String value) {
    assertThat(ask(worker, r -> new StoreCommand.Put(r, key, Bytes.utf8(value))))
        .isInstanceOf(StoreOutcome.Written.class);
    assertThat(get(worker, key)).isEqualTo(value);
    letFramesArrive();
  }

  /// First writes that are closer than a frame takes have no order, and on a busy machine frames take their time.
  private static void letFramesArrive() {
    long end = System.nanoTime() + LONGER_THAN_A_FRAME.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /// Reads until it is this: what was written a moment ago may be on its way.
  private static void awaitValue(RunningNode worker, String key, String value) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!get(worker, key).equals(value)) {
      assertThat(System.nanoTime()).as("'%s' becomes '%s'", key, value).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static String get(RunningNode worker, String key) {
    return ask(worker, r -> new StoreCommand.Get(r, key)) instanceof StoreOutcome.Value value
        ? value.value().asUtf8()
        : "(none)";
  }

  @ParameterizedTest(name = "one is {0} ahead, the other {1} behind")
  @CsvSource({"PT3H, PT5H", "P3650D, P3650D"})
  void of_two_puts_the_later_wins_however_wrong_the_clocks_of_their_workers_are(
      Duration ahead, Duration behind) {
    try (Cluster cluster = new Cluster()) {
      RunningNode early = cluster.worker(wrongBy(ahead));
      RunningNode late = cluster.worker(wrongBy(behind.negated()));
      put(early, "a", "first");
      put(late, "a", "second");
      put(late, "b", "first");
      put(early, "b", "second");
      RunningNode reader = cluster.worker();
      for (String key : new String[] {"a", "b"}) {
        awaitValue(reader, key, "second");
        put(reader, key, "third");
        for (RunningNode worker : List.of(early, late, cluster.worker())) {
          awaitValue(worker, key, "third");
        }
      }
    }
  }

  @Test
  void workers_with_the_right_time_write_below_a_root_that_is_years_ahead() {
    WallClock root = wrongBy(YEARS);
    try (Cluster cluster = new Cluster(TreeConfig.DEFAULT, StoreConfig.DEFAULT, root)) {
      RunningNode writer = cluster.worker();
      RunningNode behind = cluster.worker(wrongBy(YEARS.negated()));
      put(writer, "a", "first");
      put(behind, "a", "second");
      put(writer, "b", "first");
      RunningNode reader = cluster.worker();
      awaitValue(reader, "a", "second");
      put(reader, "b", "second");
      for (RunningNode worker : List.of(writer, behind, cluster.worker())) {
        awaitValue(worker, "b", "second");
      }
    }
  }
}
