package dev.banyan.studio.demo;

import dev.banyan.node.RandomSource;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// The script: joins, workload, removals until only the root is left, with checks between.
public final class Demo implements AutoCloseable {

  /// Seconds of the script, before they are divided by the speed.
  private static final double JOIN_GAP = 1.5;

  private static final double WORKLOAD = 60;
  private static final double REMOVAL_GAP = 2.5;

  /// Workers that must be there before the workload starts: some to write, some to read.
  private static final int FIRST_WORKERS = 3;

  private static final int ROUNDS = 4;

  private final DemoOptions options;
  private final Screen screen;
  private final LiveView view;
  private final RandomGenerator random;
  private final Cast cast = new Cast();
  private final WriteLedger writes = new WriteLedger();
  private final Optional<ThrowAwayGroup> group;
  private final LossLedger losses;
  private final Chronicle chronicle;
  private final Troupe troupe;
  private final DemoWorkload workload;
  private final long startNanos = System.nanoTime();
  private final DemoChecks checks;
  private final Sampler sampler;
  private final List<Phase> phases = new ArrayList<>();
  private final PriorityQueue<Return> returns =
      new PriorityQueue<>(Comparator.comparingLong(Return::atNanos));
  private int routers;
  private int clients;
  private long killed;
  private long hung;
  private long healthyLosses;
  private long healthyDuplicates;

  /// A hung member that will go on at some time.
  private record Return(Member member, long atNanos) {}

  public Demo(DemoOptions options, Screen screen, LiveView view) {
    this.options = options;
    this.screen = screen;
    this.view = view;
    this.random = RandomSource.of(options.seed());
    this.chronicle = new Chronicle(2 * options.tree().timing().heartbeatTimeoutNanos());
    this.group =
        options.secure()
            ? Optional.of(new ThrowAwayGroup(DemoOptions.TREE, options.store()))
            : Optional.empty();
    this.losses = new LossLedger(group.map(Demo::eyes).orElse(Sealing.CLEAR));
    this.troupe =
        options.processes()
            ? new ProcessTroupe(options, group, chronicle)
            : new LocalTroupe(options, group, chronicle, losses);
    this.workload = new DemoWorkload(cast, options, writes, RandomSource.of(options.seed() + 1));
    this.checks = new DemoChecks(cast, writes, options, startNanos);
    long pause = Math.max(50_000_000L, Math.min(200_000_000L, options.scaled(0.5).toNanos()));
    this.sampler =
        new Sampler(cast, startNanos, pause, seen -> screen.draw(seen, cast, () -> counters(seen)));
  }

  private static Sealing eyes(ThrowAwayGroup group) {
    return group.member(NodeKind.CLIENT).sealing(new Session(0, 1));
  }

  /// Plays the whole script.
  public Summary run() throws InterruptedException {
    Member root = enter(NodeKind.ROOT, "root");
    sampler.start();
    phase("joins");
    joins();
    phase("YCSB A");
    Thread.sleep(options.scaled(WORKLOAD));
    check("before the first removal");
    healthyLosses = losses.lost();
    healthyDuplicates = Accounting.duplicates(options, losses, sampler.lastWords());
    phase("removals");
    removals();
    awaitAlone(root);
    workload.close();
    sampler.close();
    return new Accounting(options, cast, chronicle, sampler, checks)
        .summary(
            new Accounting.Counts(
                routers,
                clients,
                killed,
                hung,
                healthyLosses,
                healthyDuplicates,
                (System.nanoTime() - startNanos) / 1e9),
            writes,
            losses,
            workload);
  }

  private void joins() throws InterruptedException {
    boolean working = false;
    for (int i = 0; i < options.nodes(); i++) {
      boolean router = random.nextDouble() < options.routerShare();
      enter(router ? NodeKind.ROUTER : NodeKind.CLIENT, router ? "r" + ++routers : "w" + ++clients);
      pauseAbout(JOIN_GAP);
      if (!working && clients >= FIRST_WORKERS) {
        working = true;
        screen.note(
            "the workload begins: " + options.records() + " records, then reads and updates");
        workload.load();
        workload.start();
      }
    }
    if (!working) {
      workload.load();
      workload.start();
    }
    screen.note(
        Counted.of(routers, "router") + " and " + Counted.of(clients, "worker") + " were started");
  }

  private Member enter(NodeKind kind, String name) throws InterruptedException {
    Member member = troupe.start(kind, name);
    view.name(member.id(), name);
    cast.enter(member);
    return member;
  }

  private void removals() throws InterruptedException {
    int total = cast.mortals().size();
    int checked = 0;
    List<NodeId> spared = new ArrayList<>();
    while (!cast.mortals().isEmpty()) {
      bringBack(System.nanoTime());
      List<Member> mortals = cast.mortals();
      Member victim = mortals.get(random.nextInt(mortals.size()));
      boolean hangs = random.nextDouble() < options.hangShare();
      if (hangs && !spared.contains(victim.id()) && mortals.size() > 1) {
        spared.add(victim.id());
        hang(victim);
      } else {
        kill(victim);
      }
      pauseAbout(REMOVAL_GAP);
      int gone = total - cast.mortals().size();
      if (gone * ROUNDS / total > checked && cast.workers().size() > 1) {
        checked = gone * ROUNDS / total;
        check("after " + gone + " of " + total + " removals");
      }
    }
  }

  private void kill(Member victim) {
    screen.note(victim.name() + " is killed");
    chronicle.killed(victim.id());
    cast.leave(victim);
    returns.removeIf(due -> due.member().equals(victim));
    victim.kill();
    killed++;
  }

  /// It comes back after its neighbours have given it up.
  private void hang(Member victim) {
    double timeouts = 1.5 + 2 * random.nextDouble();
    long late = Math.round(options.tree().timing().heartbeatTimeoutNanos() * timeouts);
    screen.note(victim.name() + " hangs");
    chronicle.hung(victim.id());
    cast.hang(victim);
    victim.hang();
    returns.add(new Return(victim, System.nanoTime() + late));
    hung++;
  }

  private void bringBack(long untilNanos) {
    while (!returns.isEmpty() && returns.peek().atNanos() - untilNanos <= 0) {
      Member member = returns.remove().member();
      screen.note(member.name() + " comes back");
      chronicle.resumed(member.id());
      member.resume();
      cast.resume(member);
    }
  }

  /// Pauses the workload, lets hanging members come back, waits for quiet, compares, goes on.
  private void check(String name) throws InterruptedException {
    workload.pause();
    while (!returns.isEmpty()) {
      long wait = returns.peek().atNanos() - System.nanoTime();
      Thread.sleep(Duration.ofNanos(Math.max(0, wait)));
      bringBack(System.nanoTime());
    }
    Summary.Check check = checks.make(name);
    screen.note(
        String.format(
            Locale.ROOT,
            "check %s: %s, %s of replicas, %d of them unequal, %s missed: %s (quiet after %.0f ms)",
            name,
            Counted.of(check.workers(), "worker"),
            Counted.of(check.comparisons(), "comparison"),
            check.divergent(),
            Counted.of(check.missed(), "update"),
            check.held() ? "all equal" : "NOT EQUAL",
            check.quietMillis()));
    workload.resume();
  }

  /// The root has noticed that it is alone.
  private void awaitAlone(Member root) throws InterruptedException {
    long deadline =
        System.nanoTime() + 3 * options.tree().timing().heartbeatTimeoutNanos() + 2_000_000_000L;
    while (System.nanoTime() - deadline < 0) {
      Glimpse glimpse = sampler.take().get(root.id());
      if (glimpse != null && glimpse.clients() == 0 && glimpse.routers() == 0) {
        return;
      }
      Thread.sleep(50);
    }
  }

  private void phase(String name) {
    phases.add(new Phase(name, (System.nanoTime() - startNanos) / 1e9));
    screen.phase(name);
  }

  private void pauseAbout(double seconds) throws InterruptedException {
    Duration mean = options.scaled(seconds);
    long nanos = Math.round(mean.toNanos() * (0.5 + random.nextDouble()));
    long until = System.nanoTime() + nanos;
    while (!returns.isEmpty() && returns.peek().atNanos() - until <= 0) {
      Thread.sleep(Duration.ofNanos(Math.max(0, returns.peek().atNanos() - System.nanoTime())));
      bringBack(System.nanoTime());
    }
    Thread.sleep(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
  }

  private String counters(Map<NodeId, Glimpse> seen) {
    long routersIn =
        seen.values().stream().filter(g -> g.kind() == NodeKind.ROUTER && g.placed()).count();
    long workersIn =
        seen.values().stream().filter(g -> g.kind() == NodeKind.CLIENT && g.placed()).count();
    int imbalance = seen.values().stream().mapToInt(Glimpse::imbalance).max().orElse(0);
    return String.format(
        Locale.ROOT,
        "%s, %s in the tree; hanging: %d, gone: %d; imbalance %d; %s, %s",
        Counted.of(routersIn, "router"),
        Counted.of(workersIn, "worker"),
        cast.hungCount(),
        cast.deadCount(),
        imbalance,
        Counted.of(writes.updates(), "update"),
        Counted.of(
            Accounting.deliveries(options, losses, sampler.lastWords()), "delivery", "deliveries"));
  }

  /// For the figures.
  public List<Sample> samples() {
    return sampler.samples();
  }

  List<Phase> phases() {
    return List.copyOf(phases);
  }

  @Override
  public void close() {
    workload.close();
    sampler.close();
    troupe.close();
  }
}
