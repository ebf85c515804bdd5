package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Adds up what was measured.
final class Accounting {

  private static final String IN = "multicastsIn";
  private static final String OUT = "multicastsOut";

  private final DemoOptions options;
  private final Cast cast;
  private final Chronicle chronicle;
  private final Sampler sampler;
  private final DemoChecks checks;

  Accounting(
      DemoOptions options, Cast cast, Chronicle chronicle, Sampler sampler, DemoChecks checks) {
    this.options = options;
    this.cast = cast;
    this.chronicle = chronicle;
    this.sampler = sampler;
    this.checks = checks;
  }

  /// What the script itself counted.
  ///
  /// @param healthyLosses updates that settled workers had not heard before the first removal
  /// @param healthyDuplicates deliveries made twice before the first removal
  /// @param wallSeconds how long it took
  record Counts(
      int routers,
      int clients,
      long killed,
      long hung,
      long healthyLosses,
      long healthyDuplicates,
      double wallSeconds) {}

  Summary summary(Counts counts, WriteLedger writes, LossLedger losses, DemoWorkload workload) {
    Chronicle.Account account = chronicle.account();
    Map<NodeId, Glimpse> lastWords = sampler.lastWords();
    boolean byRecords = !options.processes();
    long lost = byRecords ? counts.healthyLosses() : firstCheck().missed();
    long divergent = checks.done().stream().mapToLong(Summary.Check::divergent).sum();
    long missed = checks.done().stream().mapToLong(Summary.Check::missed).sum();
    int left = left(lastWords);
    return new Summary(
        new Summary.Setting(
            options.seed(),
            options.speed(),
            options.processes(),
            options.secure(),
            options.tree().timing().heartbeatNanos() / 1e6,
            counts.wallSeconds()),
        new Summary.Nodes(
            options.nodes(),
            account.attachedOnce(),
            counts.routers(),
            counts.clients(),
            counts.killed(),
            counts.hung(),
            left),
        orphans(account),
        tree(account),
        new Summary.Traffic(
            writes.updates(),
            workload.reads(),
            workload.failures(),
            deliveries(options, losses, lastWords),
            duplicates(options, losses, lastWords),
            counts.healthyDuplicates(),
            crossings(lastWords, false),
            crossings(lastWords, true),
            sum(lastWords, Accounting::refused),
            account.gaps()),
        new Summary.Replicas(
            lost,
            byRecords
                ? "every record at every settled worker"
                : "newest versions at every interested worker",
            missed,
            divergent,
            checks.done().stream().mapToLong(Summary.Check::comparisons).sum(),
            checks.lostWithHolders()),
        checks.done(),
        violations(account, lost, left));
  }

  private static Summary.Orphans orphans(Chronicle.Account account) {
    return new Summary.Orphans(
        account.orphans(),
        account.reattached(),
        account.reattachedWithOne(),
        account.reattachedWithMore(),
        account.diedAsOrphans(),
        account.unplaced(),
        account.afterOwnHang(),
        account.needless().size(),
        percentileMillis(account.repairNanos(), 0.5),
        percentileMillis(account.repairNanos(), 0.99));
  }

  private Summary.Tree tree(Chronicle.Account account) {
    List<Sample> samples = sampler.samples();
    return new Summary.Tree(
        samples.stream().mapToInt(Sample::maxImbalance).max().orElse(0),
        samples.isEmpty() ? 0 : samples.getLast().maxImbalance(),
        samples.stream()
            .mapToDouble(Sample::meanClientDepth)
            .filter(Double::isFinite)
            .max()
            .orElse(0),
        account.movesCompleted(),
        account.movesUnfenced());
  }

  private Summary.Check firstCheck() {
    return checks.done().getFirst();
  }

  private List<String> violations(Chronicle.Account account, long lost, int left) {
    List<String> violations = new ArrayList<>(checks.violations());
    if (account.attachedOnce() < options.nodes()) {
      violations.add(
          Counted.of(options.nodes() - account.attachedOnce(), "node") + " never got a place");
    }
    if (account.unplaced() > 0) {
      violations.add(Counted.of(account.unplaced(), "orphan") + " never found another parent");
    }
    if (lost > 0) {
      violations.add(
          Counted.of(lost, "update was", "updates were") + " lost although nothing had failed");
    }
    if (left > 0) {
      violations.add("the root still counts " + Counted.of(left, "node") + " below it");
    }
    return violations;
  }

  private int left(Map<NodeId, Glimpse> lastWords) {
    return cast.alive().stream()
        .filter(member -> member.kind() == NodeKind.ROOT)
        .map(member -> lastWords.get(member.id()))
        .mapToInt(root -> root == null ? 0 : root.clients() + root.routers())
        .sum();
  }

  static long deliveries(DemoOptions options, LossLedger losses, Map<NodeId, Glimpse> lastWords) {
    return options.processes()
        ? sum(
            lastWords,
            glimpse -> glimpse.counter("deliveries") - glimpse.counter("duplicateDeliveries"))
        : losses.deliveries();
  }

  static long duplicates(DemoOptions options, LossLedger losses, Map<NodeId, Glimpse> lastWords) {
    return options.processes()
        ? sum(lastWords, glimpse -> glimpse.counter("duplicateDeliveries"))
        : losses.duplicates();
  }

  private static long sum(Map<NodeId, Glimpse> lastWords, ToLongFunction<Glimpse> counter) {
    return lastWords.values().stream().mapToLong(counter).sum();
  }

  /// By reason, each is a counter of the worker's store.
  private static long refused(Glimpse glimpse) {
    return Stream.concat(
            Stream.of("Malformed", "Foreign", "Forged", "Untimely", "Forbidden", "Revoked")
                .map(reason -> "capsules" + reason),
            Stream.of("answersUnproven", "answersMisdirected"))
        .mapToLong(glimpse::counter)
        .sum();
  }

  private static double crossings(Map<NodeId, Glimpse> lastWords, boolean atRoot) {
    long in = 0;
    long out = 0;
    for (Glimpse glimpse : lastWords.values()) {
      if (glimpse.kind().routes() && (!atRoot || glimpse.kind() == NodeKind.ROOT)) {
        in += glimpse.counter(IN);
        out += glimpse.counter(OUT);
      }
    }
    return in == 0 ? 0 : Math.round(1000.0 * (in + out) / in) / 1000.0;
  }

  private static double percentileMillis(List<Long> ascendingNanos, double share) {
    if (ascendingNanos.isEmpty()) {
      return 0;
    }
    int index = (int) Math.ceil(share * ascendingNanos.size()) - 1;
    return Math.round(ascendingNanos.get(Math.max(0, index)) / 1e4) / 100.0;
  }
}
