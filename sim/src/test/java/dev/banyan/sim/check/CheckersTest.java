package dev.banyan.sim.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Violation;
import dev.banyan.sim.hostile.GreedyPruner;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.hostile.Mood;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.wire.BatchPruner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Every checker has a liar that it catches, and that no other one takes for its own business: a checker that reports
/// nothing in all scenarios may be blind.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckersTest {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(1, 8));
  private static final long TAG = Tags.ofKeyHash(77);
  private static final long OTHER_TAG = Tags.ofKeyHash(78);
  private static final Effect NOTHING =
      new Effect.Report(Effect.Report.Kind.RESEND_ASKED, new NodeId(0), "", 0);

  private final Cluster cluster = new Cluster(ClusterOptions.of(1, "checkers"));
  private final TreeChecker tree = new TreeChecker(cluster);
  private final DeliveryChecker deliveries = new DeliveryChecker(cluster, tree);

  /// What each checker reported first.
  private final Map<String, String> reported = new LinkedHashMap<>();

  /// Whether the liar has begun to lie.
  private boolean lying;

  CheckersTest() {
    for (Observer checker :
        List.of(
            tree,
            new InterestChecker(cluster),
            deliveries,
            new QuietChecker(cluster, tree),
            new ReplicaChecker(cluster))) {
      cluster.observe(new Noting(checker));
    }
    cluster.sweepEvery(Duration.ofSeconds(1));
  }

  /// Lets the run go on when its checker reports.
  private final class Noting implements Observer {
    private final Observer checker;

    Noting(Observer checker) {
      this.checker = checker;
    }

    private void note(Runnable look) {
      try {
        look.run();
      } catch (Violation violation) {
        reported.putIfAbsent(
            checker.getClass().getSimpleName(),
            violation.getMessage().lines().findFirst().orElse(""));
      }
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      note(() -> checker.handled(node, event, effects, nowNanos));
    }

    @Override
    public void linkGone(SimNode owner, LinkId link, long nowNanos) {
      note(() -> checker.linkGone(owner, link, nowNanos));
    }

    @Override
    public void started(SimNode node, long nowNanos) {
      note(() -> checker.started(node, nowNanos));
    }

    @Override
    public void ended(SimNode node, long nowNanos) {
      note(() -> checker.ended(node, nowNanos));
    }

    @Override
    public void disturbed(SimNode node, long nowNanos) {
      note(() -> checker.disturbed(node, nowNanos));
    }

    @Override
    public void sweep(long nowNanos) {
      note(() -> checker.sweep(nowNanos));
    }

    @Override
    public void quiet(long nowNanos) {
      note(() -> checker.quiet(nowNanos));
    }
  }

  // --- the tree, and liars

  private SimNode start(NodeSpec spec) {
    SimNode node = cluster.add(spec);
    cluster.start(node);
    cluster.run(Duration.ofSeconds(3));
    return node;
  }

  private SimNode honest(NodeKind kind) {
    return start(NodeSpec.tree(kind, CONFIG));
  }

  private SimNode honest(long... tags) {
    SimNode client = honest(NodeKind.CLIENT);
    cluster.submit(client, new Event.ChangeInterest(tags, new long[0]));
    cluster.run(Duration.ofSeconds(3));
    return client;
  }

  /// Does this in place of what is right, once it lies.
  private SimNode doing(NodeKind kind, UnaryOperator<Effect> instead) {
    return telling(
        kind,
        new Liar.Lie() {
          @Override
          public boolean tells(Event event, long nowNanos, Effects effects) {
            return false;
          }

          @Override
          public Effect instead(Effect effect) {
            return lying ? instead.apply(effect) : effect;
          }
        });
  }

  private SimNode telling(NodeKind kind, Liar.Lie lie) {
    return start(Liar.telling(kind, CONFIG, lie));
  }

  /// Says of itself what is not so, once it lies.
  private SimNode claiming(NodeKind kind, UnaryOperator<NodeView> claim) {
    return start(
        new NodeSpec(
            kind,
            CONFIG,
            (identity, config, roots, random, wall) -> {
              TreeNode node = new TreeNode(identity, config, roots, random, wall);
              return new NodeSpec.Built(node, () -> lying ? claim.apply(node.view()) : node.view());
            }));
  }

  private static Record record(SimNode writer, long sequence, long... tags) {
    return new Record(
        tags,
        writer.id(),
        new Session(9, 9),
        sequence,
        new long[tags.length],
        Bytes.utf8("record"));
  }

  private void publish(SimNode writer) {
    cluster.submit(writer, new Event.Publish(List.of(record(writer, 1, TAG))));
    cluster.run(Duration.ofSeconds(3));
  }

  private void lie() {
    assertThat(reported).as("before anybody lies").isEmpty();
    lying = true;
  }

  private void untilQuiet() {
    cluster.runUntilQuiet(Duration.ofSeconds(25), Duration.ofMinutes(5));
  }

  private void assertReported(Class<?> by, String what) {
    assertThat(reported).containsOnlyKeys(by.getSimpleName());
    assertThat(reported.get(by.getSimpleName())).contains(what);
  }

  @Test
  void nobody_reports_anything_of_honest_nodes() {
    honest(NodeKind.ROOT);
    honest(NodeKind.ROUTER);
    SimNode writer = honest(OTHER_TAG);
    honest(TAG);
    lie();
    deliveries.publish(writer, TAG);
    untilQuiet();
    assertThat(reported).isEmpty();
    assertThat(deliveries.checked()).isEqualTo(1);
  }

  // --- InterestChecker

  @Test
  void a_router_that_passes_nothing_down_is_reported_for_its_links() {
    honest(NodeKind.ROOT);
    doing(NodeKind.ROUTER, effect -> effect instanceof Effect.Forward ? NOTHING : effect);
    SimNode writer = honest(OTHER_TAG);
    honest(TAG);
    lie();
    publish(writer);
    untilQuiet();
    assertReported(InterestChecker.class, "withheld a multicast from");
  }

  @Test
  void a_router_that_cuts_away_what_is_wanted_is_reported_for_its_links() {
    MemoCrypto crypto = MemoCrypto.shared().get();
    LocalGroup group = new LocalGroup(() -> crypto, new SplittableRandom(1));
    Pruner honest = new BatchPruner(crypto);
    Pruner greedy = new GreedyPruner(honest, new Mood(new SplittableRandom(2)));
    start(NodeSpec.pruning(NodeKind.ROOT, CONFIG, honest));
    start(
        NodeSpec.pruning(
            NodeKind.ROUTER,
            CONFIG,
            multicast -> lying ? greedy.look(multicast) : honest.look(multicast)));
    SimNode writer = start(NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group, honest));
    SimNode reader = start(NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group, honest));
    List<StoreCommand.PutAll.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String key = "key " + i;
      entries.add(new StoreCommand.PutAll.Entry(key, Bytes.utf8("value")));
      if (i % 4 == 0) {
        cluster.submit(reader, new StoreCommand.Get(100 + i, key));
      }
    }
    cluster.run(Duration.ofSeconds(3));
    cluster.submit(writer, new StoreCommand.PutAll(1, entries));
    cluster.run(Duration.ofSeconds(3));
    lie();
    cluster.submit(writer, new StoreCommand.PutAll(2, entries));
    cluster.run(Duration.ofSeconds(3));
    assertReported(InterestChecker.class, "cut from a multicast");
  }

  @Test
  void a_client_that_keeps_from_its_parent_what_it_writes_is_reported_for_its_links() {
    honest(NodeKind.ROOT);
    SimNode writer =
        doing(NodeKind.CLIENT, effect -> effect instanceof Effect.Forward ? NOTHING : effect);
    lie();
    publish(writer);
    untilQuiet();
    assertReported(InterestChecker.class, "which has not called its tags unwanted");
  }

  @Test
  void a_router_that_asks_before_it_advertises_is_reported_for_its_links() {
    honest(NodeKind.ROOT);
    doing(
        NodeKind.ROUTER,
        effect -> effect instanceof Effect.Send(LinkId _, Message.Interest _) ? NOTHING : effect);
    SimNode worker = start(NodeSpec.worker(CONFIG));
    lie();
    cluster.submit(worker, new StoreCommand.Get(1, "key"));
    cluster.run(Duration.ofSeconds(1));
    assertReported(InterestChecker.class, "a tag that it has not advertised there");
  }

  // --- DeliveryChecker

  /// A root, a writer, and a client that wants the tag and does this when it hears of it.
  private SimNode hearing(Liar.Lie lie) {
    honest(NodeKind.ROOT);
    SimNode writer = honest(OTHER_TAG);
    SimNode reader = telling(NodeKind.CLIENT, lie);
    cluster.submit(reader, new Event.ChangeInterest(new long[] {TAG}, new long[0]));
    cluster.run(Duration.ofSeconds(3));
    return writer;
  }

  @Test
  void a_client_that_drops_an_update_is_reported_for_its_deliveries() {
    SimNode writer =
        hearing((event, _, _) -> lying && event instanceof Event.Received(LinkId _, Multicast _));
    lie();
    deliveries.publish(writer, TAG);
    untilQuiet();
    assertReported(DeliveryChecker.class, "in a healthy tree, never came to");
  }

  @Test
  void a_client_that_delivers_what_it_does_not_want_is_reported_for_its_deliveries() {
    SimNode writer =
        hearing((event, _, effects) -> {
          if (lying && event instanceof Event.ChangeLoad) {
            Record unwanted =
                new Record(
                    new long[] {OTHER_TAG},
                    new NodeId(1),
                    new Session(9, 9),
                    1,
                    new long[1],
                    Bytes.EMPTY);
            effects.add(new Effect.Deliver(Multicast.of(List.of(unwanted))));
          }
          return false;
        });
    lie();
    cluster.submit(cluster.nodes().getLast(), new Event.ChangeLoad(0));
    deliveries.publish(writer, TAG);
    untilQuiet();
    assertReported(DeliveryChecker.class, "was given what it does not want");
  }

  private static Multicast otherwise(Multicast multicast) {
    List<Record> changed = new ArrayList<>();
    for (Record record : multicast.records()) {
      changed.add(
          new Record(
              record.tags(),
              record.writer(),
              record.session(),
              record.sequence(),
              record.predecessors(),
              Bytes.utf8("something else")));
    }
    return Multicast.of(changed);
  }

  @Test
  void a_client_that_delivers_something_else_than_was_published_is_reported_for_its_deliveries() {
    honest(NodeKind.ROOT);
    SimNode writer = honest(OTHER_TAG);
    SimNode reader =
        doing(
            NodeKind.CLIENT,
            effect ->
                effect instanceof Effect.Deliver(Multicast multicast)
                    ? new Effect.Deliver(otherwise(multicast))
                    : effect);
    cluster.submit(reader, new Event.ChangeInterest(new long[] {TAG}, new long[0]));
    cluster.run(Duration.ofSeconds(3));
    lie();
    deliveries.publish(writer, TAG);
    cluster.run(Duration.ofMillis(500));
    assertReported(DeliveryChecker.class, "what was published is");
  }

  @Test
  void a_client_that_delivers_twice_is_counted_as_receivers_drop_what_they_have_seen() {
    SimNode writer =
        hearing((event, _, effects) -> {
          if (lying && event instanceof Event.Received(LinkId _, Multicast multicast)) {
            effects.add(new Effect.Deliver(multicast));
          }
          return false;
        });
    lie();
    deliveries.publish(writer, TAG);
    untilQuiet();
    assertThat(reported).isEmpty();
    assertThat(deliveries.duplicates()).isEqualTo(1);
  }

  // --- TreeChecker

  private static NodeView withParent(NodeView view, NodeId parent) {
    return new NodeView(
        view.node(),
        view.kind(),
        Optional.of(parent),
        view.parentLink(),
        view.rooted(),
        view.path(),
        view.childRouters(),
        view.childClients(),
        view.clients(),
        view.routers(),
        view.reservations(),
        view.tags(),
        view.bits());
  }

  private static NodeView withChildren(
      NodeView view, List<NodeView.Child> routers, List<NodeView.Child> clients) {
    return new NodeView(
        view.node(),
        view.kind(),
        view.parent(),
        view.parentLink(),
        view.rooted(),
        view.path(),
        routers,
        clients,
        view.clients(),
        view.routers(),
        view.reservations(),
        view.tags(),
        view.bits());
  }

  private static NodeView counting(NodeView view, boolean rooted, int clients, int reservations) {
    return new NodeView(
        view.node(),
        view.kind(),
        view.parent(),
        view.parentLink(),
        rooted,
        view.path(),
        view.childRouters(),
        view.childClients(),
        clients,
        view.routers(),
        reservations,
        view.tags(),
        view.bits());
  }

  private void lieForAWhile() {
    lie();
    cluster.run(Duration.ofSeconds(2));
  }

  @Test
  void a_router_below_its_own_child_is_reported_for_the_trees_shape() {
    honest(NodeKind.ROOT);
    List<SimNode> child = new ArrayList<>();
    claiming(NodeKind.ROUTER, view -> withParent(view, child.getFirst().id()));
    child.add(honest(NodeKind.ROUTER));
    lieForAWhile();
    assertReported(TreeChecker.class, "cycle: ");
  }

  @Test
  void a_root_with_a_parent_is_reported_for_the_trees_shape() {
    List<SimNode> router = new ArrayList<>();
    claiming(NodeKind.ROOT, view -> withParent(view, router.getFirst().id()));
    router.add(honest(NodeKind.ROUTER));
    lieForAWhile();
    assertReported(TreeChecker.class, "is a root and has a parent");
  }

  @Test
  void a_client_as_a_parent_is_reported_for_the_trees_shape() {
    honest(NodeKind.ROOT);
    SimNode client = honest(NodeKind.CLIENT);
    claiming(NodeKind.CLIENT, view -> withParent(view, client.id()));
    lieForAWhile();
    assertReported(TreeChecker.class, "is a parent and no router");
  }

  @Test
  void a_parent_that_does_not_exist_is_reported_for_the_trees_shape() {
    honest(NodeKind.ROOT);
    claiming(NodeKind.CLIENT, view -> withParent(view, new NodeId(4711)));
    lieForAWhile();
    assertReported(TreeChecker.class, "a parent that is nobody");
  }

  @Test
  void more_children_than_places_are_reported_for_the_trees_shape() {
    claiming(
        NodeKind.ROOT,
        view -> {
          NodeView.Child one = view.childRouters().getFirst();
          return withChildren(view, List.of(one, one), view.childClients());
        });
    honest(NodeKind.ROUTER);
    lieForAWhile();
    assertReported(TreeChecker.class, "has 2 child routers, places: 1");
  }

  @Test
  void more_clients_than_places_and_one_are_reported_for_the_trees_shape() {
    claiming(
        NodeKind.ROOT,
        view -> {
          NodeView.Child one = view.childClients().getFirst();
          return withChildren(view, List.of(), Collections.nCopies(10, one));
        });
    honest(NodeKind.CLIENT);
    lieForAWhile();
    assertReported(TreeChecker.class, "has 10 child clients, places: 8");
  }

  // --- QuietChecker

  private void lieUntilQuiet() {
    lie();
    untilQuiet();
  }

  @Test
  void a_node_that_does_not_know_of_its_root_is_reported_once_it_is_quiet() {
    honest(NodeKind.ROOT);
    claiming(NodeKind.CLIENT, view -> counting(view, false, view.clients(), 0));
    lieUntilQuiet();
    assertReported(QuietChecker.class, "does not know that it is rooted");
  }

  @Test
  void a_router_that_counts_one_client_too_many_is_reported_once_it_is_quiet() {
    honest(NodeKind.ROOT);
    claiming(NodeKind.ROUTER, view -> counting(view, true, view.clients() + 1, 0));
    lieUntilQuiet();
    assertReported(QuietChecker.class, "counts 1 clients and 0 routers below it, there are 0");
  }

  @Test
  void a_place_that_is_held_for_nobody_is_reported_once_it_is_quiet() {
    honest(NodeKind.ROOT);
    claiming(NodeKind.ROUTER, view -> counting(view, true, view.clients(), 1));
    lieUntilQuiet();
    assertReported(QuietChecker.class, "still holds 1 places");
  }

  @Test
  void a_child_that_its_parent_does_not_know_is_reported_once_it_is_quiet() {
    claiming(NodeKind.ROOT, view -> withChildren(view, view.childRouters(), List.of()));
    honest(NodeKind.CLIENT);
    lieUntilQuiet();
    assertThat(reported).containsOnlyKeys(QuietChecker.class.getSimpleName());
  }

  /// Attaches to another router, too, and says there that it is alive.
  private static final class TwoParents implements Liar.Lie {
    private static final LinkId SECOND = new LinkId(1_000_000);
    private final NodeId self;
    private final Address other;
    private boolean open;

    TwoParents(NodeId self, Address other) {
      this.self = self;
      this.other = other;
    }

    @Override
    public boolean tells(Event event, long nowNanos, Effects effects) {
      switch (event) {
        case Event.ChangeLoad _ -> effects.add(new Effect.OpenLink(SECOND, other));
        case Event.LinkOpened(LinkId link, PeerIdentity _) when link.equals(SECOND) -> {
          open = true;
          say(
              effects,
              new Message.Hello(
                  Message.Hello.VERSION, "main", self, NodeKind.CLIENT, 1, Bytes.EMPTY));
          say(
              effects,
              new Message.Attach(self, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
        }
        case Event.TimerFired(Timer timer)
            when open && timer.kind().toString().equals("HEARTBEAT") ->
            say(
                effects,
                new Message.Heartbeat(
                    true,
                    0,
                    0,
                    0,
                    0,
                    new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
        default -> {}
      }
      return event instanceof Event.Received(LinkId link, Message _) && link.equals(SECOND);
    }

    private static void say(Effects effects, Message message) {
      effects.add(new Effect.Send(SECOND, message));
    }
  }

  @Test
  void a_client_that_hangs_on_two_parents_is_reported_once_it_is_quiet() {
    TreeConfig wide = CONFIG.withCapacity(new TreeConfig.Capacity(2, 8));
    start(NodeSpec.tree(NodeKind.ROOT, wide));
    List<SimNode> routers =
        List.of(
            start(NodeSpec.tree(NodeKind.ROUTER, wide)),
            start(NodeSpec.tree(NodeKind.ROUTER, wide)));
    List<TwoParents> lie = new ArrayList<>();
    SimNode client =
        start(
            Liar.telling(
                NodeKind.CLIENT,
                wide,
                (event, now, effects) -> lying && lie.getFirst().tells(event, now, effects)));
    SimNode other = routers.get(tree.parentOf(client) == routers.getFirst().index() ? 1 : 0);
    lie.add(new TwoParents(client.id(), other.address()));
    lie();
    cluster.submit(client, new Event.ChangeLoad(0));
    untilQuiet();
    assertReported(
        QuietChecker.class, "counts 2 clients and 2 routers below it, there are 1 and 2");
  }

  // --- ReplicaChecker

  @Test
  void a_router_that_passes_an_older_value_on_for_a_newer_one_is_reported_for_the_replicas() {
    honest(NodeKind.ROOT);
    List<Bytes> older = new ArrayList<>();
    doing(
        NodeKind.ROUTER,
        effect -> {
          if (!(effect instanceof Effect.Forward(LinkId[] links, Multicast multicast))) {
            return effect;
          }
          Record update = multicast.records().getFirst();
          older.add(update.payload());
          Record changed =
              new Record(
                  update.tags(),
                  update.writer(),
                  update.session(),
                  update.sequence(),
                  update.predecessors(),
                  older.getFirst());
          return new Effect.Forward(links, Multicast.of(List.of(changed)));
        });
    SimNode writer = start(NodeSpec.worker(CONFIG));
    SimNode reader = start(NodeSpec.worker(CONFIG));
    cluster.submit(reader, new StoreCommand.Get(1, "key"));
    cluster.run(Duration.ofSeconds(3));
    lie();
    for (int value = 1; value <= 2; value++) {
      cluster.submit(writer, new StoreCommand.Put(value, "key", Bytes.utf8("value " + value)));
      cluster.run(Duration.ofSeconds(3));
    }
    untilQuiet();
    assertReported(ReplicaChecker.class, "replicas differ");
  }

  // --- LastWriterChecker: LastWriterTest has a late writer whose older value wins

  private final Run run = new Run(ClusterOptions.of(1, "last-writer"));

  private SimNode worker() {
    run.startTree(NodeKind.ROOT, CONFIG);
    SimNode worker = run.start(NodeSpec.worker(CONFIG));
    run.pass(Duration.ofSeconds(3));
    return worker;
  }

  @Test
  void a_put_that_is_not_acknowledged_is_reported_for_the_users() {
    LastWriterChecker users = new LastWriterChecker(run, true);
    SimNode worker = worker();
    run.cluster().submit(worker, new StoreCommand.Drain(1, Duration.ofSeconds(5).toNanos()));
    users.put(worker, "key");
    assertThatThrownBy(() -> run.pass(Duration.ofSeconds(1)))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("does not take a put of 'key'");
  }

  @Test
  void a_value_that_nobody_put_is_reported_for_the_users() {
    LastWriterChecker users = new LastWriterChecker(run, true);
    SimNode worker = worker();
    users.put(worker, "key");
    run.pass(Duration.ofSeconds(1));
    run.cluster().submit(worker, new StoreCommand.Delete(7_777, "key"));
    assertThatThrownBy(run::settle)
        .isInstanceOf(Violation.class)
        .hasMessageContaining("'key' has a value that nobody put");
  }
}
