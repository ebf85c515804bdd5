package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.run.Run;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FirstUseTest {

  private static final int WORKERS = 300;
  private static final int KEYS = 20;

  private long frames;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_crowd_that_begins_to_watch_a_prefix_in_one_instant_does_not_ask_everybody_of_everybody(
      long seed) {
    Run run = new Run(ClusterOptions.of(seed, "first-use"));
    List<SimNode> workers = grown(run);
    run.pass(Duration.ofSeconds(20));
    watch(run, workers);
    run.pass(Duration.ofSeconds(2));
    assertThatAllAreEqual(workers);
    assertThat(frames).isLessThan(100L * WORKERS);
    run.settle();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nor_does_a_crowd_while_the_root_is_too_young_for_anybody_to_be_settled(long seed) {
    Run run = new Run(ClusterOptions.of(seed, "first-use-young"));
    List<SimNode> workers = grown(run);
    watch(run, workers);
    run.pass(Duration.ofSeconds(2));
    assertThat(workers).noneMatch(worker -> isSettled(storeOf(worker)));
    assertThat(workers.stream().map(worker -> storeOf(worker).digest()).distinct()).hasSize(1);
    run.pass(Duration.ofSeconds(13));
    assertThatAllAreEqual(workers);
    assertThat(frames).isLessThan(400L * WORKERS);
    run.settle();
  }

  /// All begin to watch a prefix at once, and write a key under it.
  private void watch(Run run, List<SimNode> workers) {
    run.cluster()
        .observe(
            new Observer() {
              @Override
              public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
                frames += effects.stream().filter(FirstUseTest::isQuestionOrAnswer).count();
              }
            });
    for (SimNode worker : workers) {
      run.cluster().submit(worker, new StoreCommand.Watch(1, "config/", true));
      String key = "config/" + worker.index % KEYS;
      run.cluster().submit(worker, new StoreCommand.Put(2, key, Bytes.utf8("of " + worker)));
    }
  }

  private static void assertThatAllAreEqual(List<SimNode> workers) {
    assertThat(workers).allMatch(worker -> isSettled(storeOf(worker)));
    assertThat(storeOf(workers.getFirst()).size()).isEqualTo(KEYS);
    assertThat(workers.stream().map(worker -> storeOf(worker).digest()).distinct()).hasSize(1);
  }

  private static List<SimNode> grown(Run run) {
    run.startTree(NodeKind.ROOT, TreeConfig.DEFAULT);
    IntStream.range(0, 15).forEach(i -> run.startTree(NodeKind.ROUTER, TreeConfig.DEFAULT));
    run.pass(Duration.ofSeconds(2));
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(run.start(NodeSpec.worker(TreeConfig.DEFAULT)));
    }
    run.pass(Duration.ofSeconds(3));
    return workers;
  }

  private static Worker storeOf(SimNode node) {
    return (Worker) node.machine;
  }

  private static boolean isSettled(Worker worker) {
    return Arrays.stream(worker.interestTags()).allMatch(worker::isSettled);
  }

  private static boolean isQuestionOrAnswer(Effect effect) {
    return effect instanceof Effect.Send send
        && (send.message() instanceof Message.Anycast
            || send.message() instanceof Message.AnycastAnswer);
  }
}
