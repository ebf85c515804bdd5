package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits until nothing changes any more, then holds all replicas against each other and against what was written.
final class DemoChecks {

  /// Long enough for every repair there is, with all its tries.
  private static final double PATIENCE_SECONDS = 60;

  private static final long POLL_MILLIS = 50;
  private static final long ANSWER_MILLIS = 5_000;

  private final Cast cast;
  private final WriteLedger writes;
  private final long startNanos;
  private final long windowNanos;
  private final long patienceNanos;
  private final List<Summary.Check> done = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Set<Lost> lostWithHolders = new HashSet<>();

  DemoChecks(Cast cast, WriteLedger writes, DemoOptions options, long startNanos) {
    this.cast = cast;
    this.writes = writes;
    this.startNanos = startNanos;
    this.windowNanos = window(options.tree(), options.store());
    this.patienceNanos = Math.max(20_000_000_000L, options.scaled(PATIENCE_SECONDS).toNanos());
  }

  /// Nothing that waits waits longer than this, unless it was answered meanwhile.
  private static long window(TreeConfig tree, StoreConfig store) {
    return 2 * tree.timing().heartbeatNanos()
        + 2 * store.resyncing().spreadNanos()
        + 2 * store.resyncing().replySpreadNanos()
        + store.resyncing().holeNanos()
        + store.fetching().timeoutNanos();
  }

  /// An update that nobody alive holds any more.
  private record Lost(String key, Version version) {}

  /// What a member's stillness is told by.
  private record State(boolean placed, Optional<NodeId> parent, long digest) {}

  /// Waits for stillness and compares; until a comparison is clean or patience ends.
  Summary.Check make(String name) throws InterruptedException {
    long began = System.nanoTime();
    Comparison comparison = compare();
    boolean still = false;
    int retries = -1;
    while (System.nanoTime() - began < patienceNanos) {
      still = awaitStill(began + patienceNanos);
      comparison = compare();
      retries++;
      if (still && comparison.clean() && comparison.unsettled() == 0) {
        break;
      }
    }
    Summary.Check check =
        new Summary.Check(
            name,
            (began - startNanos) / 1e9,
            cast.workers().size(),
            (System.nanoTime() - began) / 1e6,
            comparison.compared(),
            comparison.divergent(),
            comparison.missed(),
            comparison.unsettled(),
            Math.max(0, retries),
            still && comparison.clean());
    done.add(check);
    comparison
        .lostWithHolders()
        .forEach((key, version) -> lostWithHolders.add(new Lost(key, version)));
    if (!still) {
      violations.add(
          name + ": the tree did not come to rest within " + patienceNanos / 1_000_000_000 + " s");
    }
    comparison.examples().forEach(example -> violations.add(name + ": " + example));
    return check;
  }

  private boolean awaitStill(long deadlineNanos) throws InterruptedException {
    Map<NodeId, State> before = Map.of();
    long sinceNanos = System.nanoTime();
    while (System.nanoTime() - deadlineNanos < 0) {
      Map<NodeId, State> now = states();
      boolean settled = now.values().stream().allMatch(State::placed);
      if (!settled || !now.equals(before)) {
        sinceNanos = System.nanoTime();
        before = now;
      } else if (System.nanoTime() - sinceNanos >= windowNanos) {
        return true;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return false;
  }

  private Map<NodeId, State> states() throws InterruptedException {
    Map<Member, CompletableFuture<Glimpse>> asked = new LinkedHashMap<>();
    cast.responsive().forEach(member -> asked.put(member, member.look()));
    Map<NodeId, State> states = new LinkedHashMap<>();
    for (Map.Entry<Member, CompletableFuture<Glimpse>> entry : asked.entrySet()) {
      Optional<Glimpse> glimpse = answer(entry.getValue());
      states.put(
          entry.getKey().id(),
          glimpse
              .map(seen -> new State(seen.placed(), seen.parent(), seen.digest()))
              .orElse(new State(false, Optional.empty(), 0)));
    }
    return states;
  }

  private Comparison compare() throws InterruptedException {
    Map<Member, CompletableFuture<HeldKeys>> asked = new LinkedHashMap<>();
    cast.workers().forEach(worker -> asked.put(worker, worker.replica()));
    Map<NodeId, HeldKeys> replicas = new LinkedHashMap<>();
    for (Map.Entry<Member, CompletableFuture<HeldKeys>> entry : asked.entrySet()) {
      answer(entry.getValue()).ifPresent(replica -> replicas.put(entry.getKey().id(), replica));
    }
    Map<String, Version> byLiving = writes.newestBy(cast::isAlive);
    Map<String, Version> byAnyone = writes.newestBy(_ -> true);
    return Comparison.of(replicas, byLiving, byAnyone);
  }

  private static <T> Optional<T> answer(CompletableFuture<T> asked) throws InterruptedException {
    try {
      return Optional.of(asked.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  List<Summary.Check> done() {
    return List.copyOf(done);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /// Over all checks; an update that several of them found gone counts once.
  long lostWithHolders() {
    return lostWithHolders.size();
  }
}
