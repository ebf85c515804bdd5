package dev.banyan.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Workers over TCP that stall, as a process does that is stopped, and go on.
@DisplayNameGeneration(ReplaceUnderscores.class)
class StoppedWorkersTest {

  private static final TreeConfig FAST =
      TreeConfig.DEFAULT.withTiming(
          TreeConfig.Timing.DEFAULT.withHeartbeat(Duration.ofMillis(200).toNanos()));

  private static StoreOutcome ask(RunningNode worker, LongFunction<StoreCommand> command) {
    return worker.store().orElseThrow().ask(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static void put(RunningNode worker, String key, String value) {
    assertThat(ask(worker, r -> new StoreCommand.Put(r, key, Bytes.utf8(value))))
        .isInstanceOf(StoreOutcome.Written.class);
  }

  private static StoreOutcome get(RunningNode worker, String key) {
    return ask(worker, r -> new StoreCommand.Get(r, key));
  }

  private static String held(RunningNode worker, String key) {
    CompletableFuture<String> held =
        worker.inspect((Worker machine) ->
            machine.newest(key).flatMap(Revision::value).map(Bytes::asUtf8).orElse("(none)"));
    return held.join();
  }

  private static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static void awaitGone(Cluster cluster, int left) {
    await(
        "the stalled worker is given up",
        () -> {
          NodeView root = cluster.root().status().join().view();
          return root.childClients().size() == left;
        });
  }

  @Test
  void what_a_stopped_worker_wrote_loses_to_what_a_fresh_one_wrote_later() {
    try (Cluster cluster = new Cluster(FAST)) {
      RunningNode late = cluster.worker();
      for (int i = 0; i < 50; i++) {
        put(late, "k", "old" + i);
      }
      late.hang();
      awaitGone(cluster, 0);
      RunningNode fresh = cluster.worker();
      assertThat(get(fresh, "k")).isNotInstanceOf(StoreOutcome.Value.class);
      put(fresh, "k", "new");
      late.resume();
      await("the late one learns of it", () -> held(late, "k").equals("new"));
      assertThat(held(fresh, "k")).isEqualTo("new");
      RunningNode third = cluster.worker();
      assertThat(get(third, "k"))
          .isInstanceOfSatisfying(
              StoreOutcome.Value.class, v -> assertThat(v.value().asUtf8()).isEqualTo("new"));
    }
  }

  @Test
  void a_deleted_key_stays_deleted_when_a_stopped_reader_goes_on_after_the_deleter_is_gone() {
    StoreConfig store = StoreConfig.DEFAULT.withHalfLifeNanos(Duration.ofSeconds(3).toNanos());
    try (Cluster cluster = new Cluster(FAST, store)) {
      RunningNode deleter = cluster.worker();
      RunningNode stopped = cluster.worker();
      RunningNode reader = cluster.worker();
      put(deleter, "k", "v");
      put(deleter, "used as long ago", "v");
      for (RunningNode worker : List.of(stopped, reader)) {
        assertThat(get(worker, "k")).isInstanceOf(StoreOutcome.Value.class);
      }
      stopped.hang();
      get(reader, "k");
      get(reader, "used as long ago");
      ask(deleter, r -> new StoreCommand.Delete(r, "k"));
      await("the reader hears of it", () -> held(reader, "k").equals("(none)"));
      await("interest fades", () -> held(reader, "used as long ago").equals("(none)"));
      deleter.kill();
      awaitGone(cluster, 1);
      stopped.resume();
      await("the stopped one learns of it", () -> held(stopped, "k").equals("(none)"));
      RunningNode fresh = cluster.worker();
      assertThat(get(fresh, "k")).isInstanceOf(StoreOutcome.Absent.class);
      assertThat(get(stopped, "k")).isInstanceOf(StoreOutcome.Absent.class);
      assertThat(get(reader, "k")).isInstanceOf(StoreOutcome.Absent.class);
    }
  }
}
