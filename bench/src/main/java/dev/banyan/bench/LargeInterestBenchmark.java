package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.transport.TcpOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A worker that wants very many keys joins a tree: how long until it hears of their updates, and what its interest weighs
/// on the wire and at its parent; then a few of its keys change.
///
/// The tree (a root and two chains of routers) runs in a process of its own. The joiner comes to the end of one chain, a
/// client that publishes is at the end of the other, so that an update crosses the root. Tags are random, as hashes are. An
/// update is published again and again until it has come, so a time is right to within [#EVERY_NANOS].
public final class LargeInterestBenchmark {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// Between two rounds of updates that have not come yet; more often, and the router would be busy with these.
  private static final long EVERY_NANOS = 10_000_000;

  /// @param keys the joiner wants
  /// @param depth routers between the root and the joiner
  /// @param sample keys, beside the first, whose updates are waited for
  /// @param changed keys that change afterwards: half of them are not wanted any more, as many others are
  /// @param runs each with a new joiner; the tree, and so its warmth, stays
  /// @param treeJvm options of the JVM in which the tree runs
  public record Options(
      int keys, int depth, int sample, int changed, int runs, List<String> treeJvm) {
    public Options {
      require(keys >= 1 && keys <= 1 << 24, "keys: 1 to 16777216, not " + keys);
      require(depth >= 0 && depth <= 30, "depth: 0 to 30, not " + depth);
      require(sample >= 1 && sample <= 10_000, "sample: 1 to 10000, not " + sample);
      require(
          changed >= 2 && changed % 2 == 0 && changed / 2 <= keys,
          "changed keys: an even number, of which the joiner wants half before");
      require(runs >= 1, "runs must be positive");
    }
  }

  /// One joiner. Times are from just after it dialed the root.
  ///
  /// @param joinMillis until it had a parent
  /// @param firstUpdateMillis until the update of one key, chosen beforehand, came
  /// @param untilUpdatesMillis until an update of every key of the sample had come
  /// @param interestBytes of the frames in which it told its interest
  /// @param wireBytes all it had sent by then
  /// @param bits of each tag, as its parent holds them
  /// @param parentBytes of its filter at its parent
  /// @param answeredMillis until it knew of all its keys whether somebody outside wants them
  /// @param changeBytes of the frames in which it told of the change
  /// @param changeMillis from the change until an update of each new key had come
  record Run(
      double joinMillis,
      double firstUpdateMillis,
      double untilUpdatesMillis,
      double answeredMillis,
      long interestBytes,
      long wireBytes,
      int bits,
      long parentBytes,
      long changeBytes,
      double changeMillis) {

    Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("joinMillis", joinMillis)
          .put("firstUpdateMillis", firstUpdateMillis)
          .put("untilUpdatesMillis", untilUpdatesMillis)
          .put("answeredMillis", answeredMillis)
          .put("interestBytes", interestBytes)
          .put("wireBytes", wireBytes)
          .put("bits", bits)
          .put("parentBytes", parentBytes)
          .put("changeBytes", changeBytes)
          .put("changeMillis", changeMillis)
          .toMap();
    }
  }

  /// Medians over the runs.
  public record Result(Options options, List<Run> runs) implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      double interestBytes = Figures.median(runs, Run::interestBytes);
      double changeBytes = Figures.median(runs, Run::changeBytes);
      return new Fields()
          .put("joinMillis", Figures.median(runs, Run::joinMillis))
          .put("firstUpdateMillis", Figures.median(runs, Run::firstUpdateMillis))
          .put("untilUpdatesMillis", Figures.median(runs, Run::untilUpdatesMillis))
          .put("answeredMillis", Figures.median(runs, Run::answeredMillis))
          .put("interestBytes", Math.round(interestBytes))
          .put("bytesPerKey", interestBytes / options.keys)
          .put("bitsPerKey", 8 * interestBytes / options.keys)
          .put("wireBytes", Math.round(Figures.median(runs, Run::wireBytes)))
          .put("bits", Math.round(Figures.median(runs, Run::bits)))
          .put("parentBytes", Math.round(Figures.median(runs, Run::parentBytes)))
          .put("changeBytes", Math.round(changeBytes))
          .put("changeBitsPerKey", 8 * changeBytes / options.changed)
          .put("changeMillis", Figures.median(runs, Run::changeMillis))
          .put("keys", options.keys)
          .put("depth", options.depth)
          .put("sample", options.sample)
          .put("changedKeys", options.changed)
          .put("runs", runs.stream().map(Run::fields).toList())
          .toMap();
    }
  }

  private final Options options;
  private final InterestTree tree;
  private final LoopbackNodes nodes;
  private final LoopbackNodes.Member publisher;
  private final Session session = new Session(1, 1);

  private LargeInterestBenchmark(Options options, InterestTree tree, LoopbackNodes nodes) {
    this.options = options;
    this.tree = tree;
    this.nodes = nodes;
    this.publisher = nodes.start(NodeKind.CLIENT);
  }

  /// @throws BenchmarkException when the nodes do not find together, or an update does not come
  public static Result run(Options options, Progress progress) throws InterruptedException {
    try (InterestTree tree = InterestTree.start(options.depth, options.treeJvm);
        LoopbackNodes nodes =
            new LoopbackNodes(
                TcpOptions.DEFAULT.withLoops(2), TreeConfig.DEFAULT, List.of(tree.root()), 3)) {
      return new LargeInterestBenchmark(options, tree, nodes).run(progress);
    }
  }

  private Result run(Progress progress) throws InterruptedException {
    await("the publisher found no parent", () -> nodes.unattached() == 0);
    List<Run> runs = new ArrayList<>();
    for (int i = 1; i <= options.runs; i++) {
      Run run = measure(new SplittableRandom(i));
      runs.add(run);
      progress.say("run " + i + " of " + options.runs + ": " + run.fields());
      awaitForgotten();
    }
    return new Result(options, runs);
  }

  /// The last joiner is forgotten: only the inboxes of those who stay are left.
  private void awaitForgotten() throws InterruptedException {
    int inboxes = 1 + 2 * options.depth + 1;
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!tree.isIdle(inboxes)) {
      if (System.nanoTime() > deadline) {
        throw new BenchmarkException("the tree did not forget the joiner");
      }
      Thread.sleep(20);
    }
  }

  /// Keys of which updates are waited for: the first, the sample, and those that are new after the change.
  private Run measure(SplittableRandom random) throws InterruptedException {
    int half = options.changed / 2;
    long[] wanted = random.longs(options.keys).map(Tags::ofKeyHash).toArray();
    long[] fresh = random.longs(half).map(Tags::ofKeyHash).toArray();
    long[] watched = new long[1 + options.sample + half];
    watched[0] = wanted[0];
    for (int i = 1; i <= options.sample; i++) {
      watched[i] = wanted[random.nextInt(options.keys)];
    }
    System.arraycopy(fresh, 0, watched, 1 + options.sample, half);

    AtomicReference<@Nullable InterestJoiner> made = new AtomicReference<>();
    LoopbackNodes.Member member =
        nodes.start(
            NodeKind.CLIENT,
            node -> {
              InterestJoiner joiner = new InterestJoiner(node, wanted, watched.length);
              made.set(joiner);
              return joiner;
            },
            effect -> {});
    InterestJoiner joiner = made.get();
    if (joiner == null) {
      throw new IllegalStateException("the joiner was not started");
    }
    try {
      return measure(member, joiner, watched, wanted, fresh);
    } finally {
      nodes.kill(member);
    }
  }

  private Run measure(
      LoopbackNodes.Member member,
      InterestJoiner joiner,
      long[] watched,
      long[] wanted,
      long[] fresh)
      throws InterruptedException {
    int sampled = 1 + options.sample;
    publishUntilArrived(joiner, watched, 0, sampled);
    long dialed = joiner.dialedNanos();
    long interestBytes = LoopbackNodes.get(member.node().call(joiner::takeInterestBytes));
    long wireBytes = LoopbackNodes.get(member.node().statistics()).bytesOut();
    await(
        "the joiner's interest was not answered",
        () -> LoopbackNodes.get(member.ask(node -> isAnswered(node.interest()))));
    double answeredMillis = millis(dialed, System.nanoTime());
    InterestTree.Held held =
        tree.held(member.id())
            .orElseThrow(() -> new BenchmarkException("the tree does not know the joiner"));
    if (held.tags() == 0) {
      throw new BenchmarkException("the joiner's parent holds none of its tags");
    }

    LoopbackNodes.get(member.node().call(joiner::takeInterestBytes));
    long changed = System.nanoTime();
    member
        .node()
        .submit(
            new Event.ChangeInterest(
                fresh, Arrays.copyOfRange(wanted, wanted.length - fresh.length, wanted.length)));
    publishUntilArrived(joiner, watched, sampled, watched.length);
    long changeBytes = LoopbackNodes.get(member.node().call(joiner::takeInterestBytes));
    return new Run(
        millis(dialed, joiner.attachedNanos()),
        millis(dialed, joiner.arrivedNanos(0)),
        millis(dialed, joiner.allArrivedNanos(0, sampled)),
        answeredMillis,
        interestBytes,
        wireBytes,
        held.bits(),
        held.sizeBytes(),
        changeBytes,
        millis(changed, joiner.allArrivedNanos(sampled, watched.length)));
  }

  private static boolean isAnswered(Message.NodeInterest interest) {
    return interest.version() > 0 && interest.answered() >= interest.version();
  }

  /// Publishes an update of each key, again and again until it has come.
  private void publishUntilArrived(InterestJoiner joiner, long[] watched, int from, int to) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (joiner.allArrivedNanos(from, to) == 0) {
      if (System.nanoTime() > deadline) {
        throw new BenchmarkException("updates did not come in " + LIMIT.toSeconds() + " s");
      }
      for (int i = from; i < to; i++) {
        if (joiner.arrivedNanos(i) == 0) {
          publisher.node().submit(new Event.Publish(List.of(update(i, watched[i]))));
        }
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  private Record update(int index, long tag) {
    return new Record(
        new long[] {tag}, publisher.id(), session, index + 1, new long[] {index}, Bytes.EMPTY);
  }

  private static double millis(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e6;
  }

  private static void await(String otherwise, BooleanSupplier condition)
      throws InterruptedException {
    if (!LoopbackNodes.await(LIMIT, condition)) {
      throw new BenchmarkException(otherwise + " in " + LIMIT.toSeconds() + " s");
    }
  }
}
