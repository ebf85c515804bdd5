package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.run.Run;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.wire.BatchPruner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What it takes on the links to bring a batch of 64 records of 128 bytes to four workers that want a quarter each.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PrunedBytesTest {

  private static final int RECORDS = 64;
  private static final int READERS = 4;
  private static final String VALUE = "v".repeat(128);

  /// What came in at a reader, at most and at least, and at the router.
  private record Taken(long least, long most, long router) {}

  /// @param sideBySide whether what a worker wants is one piece of the batch; else it is every fourth record
  private static Taken take(boolean pruning, boolean sideBySide) {
    Run run = new Run(ClusterOptions.of(1, "pruned-bytes"));
    Supplier<MemoCrypto> cryptos = MemoCrypto.shared();
    LocalGroup group = new LocalGroup(cryptos, new SplittableRandom(1));
    Pruner pruner = new BatchPruner(cryptos.get());
    TreeConfig one = TreeConfig.DEFAULT;
    run.start(tree(NodeKind.ROOT, one, pruning ? pruner : null));
    SimNode router = run.start(tree(NodeKind.ROUTER, one, pruning ? pruner : null));
    run.pass(Duration.ofSeconds(2));
    List<SimNode> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(
          run.start(NodeSpec.sealed(one, StoreConfig.DEFAULT, group, pruning ? pruner : null)));
    }
    SimNode writer =
        run.start(NodeSpec.sealed(one, StoreConfig.DEFAULT, group, pruning ? pruner : null));
    run.pass(Duration.ofSeconds(2));
    List<StoreCommand.PutAll.Entry> entries = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      int reader = sideBySide ? i / (RECORDS / READERS) : i % READERS;
      run.cluster().submit(readers.get(reader), new StoreCommand.Watch(i + 1, "key" + i, false));
      entries.add(new StoreCommand.PutAll.Entry("key" + i, Bytes.utf8(VALUE)));
    }
    // The first time the writer asks for what it does not know.
    run.cluster().submit(writer, new StoreCommand.PutAll(1_000, entries));
    run.settle();
    List<Long> before = readers.stream().map(SimNode::bytesIn).toList();
    long routerBefore = router.bytesIn();
    run.cluster().submit(writer, new StoreCommand.PutAll(1_001, entries));
    run.pass(Duration.ofMillis(50));
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < READERS; i++) {
      long bytes = readers.get(i).bytesIn() - before.get(i);
      least = Math.min(least, bytes);
      most = Math.max(most, bytes);
      assertThat(((Worker) readers.get(i).machine).held()).hasSize(RECORDS / READERS);
    }
    return new Taken(least, most, router.bytesIn() - routerBefore);
  }

  private static NodeSpec tree(NodeKind kind, TreeConfig config, @Nullable Pruner pruner) {
    return pruner == null ? NodeSpec.tree(kind, config) : NodeSpec.pruning(kind, config, pruner);
  }

  /// Cut down they take less than this much of what the whole batch takes, in hundredths.
  private static void requireShare(Taken part, Taken whole, int hundredths) {
    assertThat(100 * part.most()).isLessThan(hundredths * whole.least());
    assertThat(100 * part.least()).as("a quarter is there").isGreaterThan(25 * whole.least());
    assertThat(part.router())
        .as("the router gets the whole batch, and may be a heartbeat more or less")
        .isCloseTo(whole.router(), withinPercentage(3));
  }

  @Test
  void whoever_wants_a_quarter_gets_little_more_than_that() {
    Taken whole = take(false, true);
    assertThat(whole.least()).isGreaterThan(RECORDS * VALUE.length());
    requireShare(take(true, true), whole, 28);
    requireShare(take(true, false), whole, 36);
  }
}
