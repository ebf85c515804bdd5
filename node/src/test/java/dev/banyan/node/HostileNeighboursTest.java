package dev.banyan.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Honest nodes over real sockets beside one that does not keep to the protocol.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class HostileNeighboursTest {

  private static final NodeId NOBODY = new NodeId(4_711);

  /// Reads end within 5 s; this is on a machine that is busy with other things, and less than the 15 s after which a
  /// question that is repeated is given up.
  private static final Duration LONGEST_READ = Duration.ofSeconds(12);

  private enum Alarm implements Timer.Kind {
    NEXT
  }

  private static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static NodeView view(RunningNode node) {
    return node.status().join().view();
  }

  private static boolean isBelow(RunningNode node, NodeId parent) {
    NodeView view = view(node);
    return view.rooted() && view.parent().equals(Optional.of(parent));
  }

  /// Says that it has room for everybody and nobody yet, and takes nobody.
  ///
  /// @param assigns whether it answers each join request, with a place that nobody gives
  private record Swallowing(boolean assigns, AtomicInteger swallowed) implements LyingNode.Lie {

    @Override
    public Optional<Event> hears(
        Event event, Optional<LinkId> parent, long nowNanos, Effects effects) {
      if (!(event instanceof Event.Received(LinkId link, Message.JoinRequest request))) {
        return Optional.of(event);
      }
      swallowed.incrementAndGet();
      if (assigns) {
        List<NodeId> route = request.path().stream().map(Message.Hop::node).toList();
        effects.add(
            new Effect.Send(
                link,
                new Message.AssignParent(
                    request.joiner(),
                    request.attempt(),
                    NOBODY,
                    new Address("127.0.0.1", 9),
                    route)));
      }
      return Optional.empty();
    }

    @Override
    public Effect instead(Effect effect) {
      return effect instanceof Effect.Send(LinkId link, Message.Heartbeat beat)
              && beat.side() instanceof Message.Heartbeat.FromChild side
          ? new Effect.Send(
              link,
              new Message.Heartbeat(
                  beat.rooted(),
                  beat.rootTerm(),
                  beat.interestVersion(),
                  beat.interestHash(),
                  beat.unwanted(),
                  beat.group(),
                  roomy(side)))
          : effect;
    }

    private Message.Heartbeat.FromChild roomy(Message.Heartbeat.FromChild side) {
      return new Message.Heartbeat.FromChild(
          0,
          0,
          0,
          0,
          4_096,
          4_096,
          swallowed.get(),
          side.load(),
          side.tasksSeen(),
          side.clockMillis(),
          side.forgottenMillis());
    }
  }

  @ParameterizedTest(name = "it answers with places that nobody gives: {0}")
  @ValueSource(booleans = {false, true})
  void workers_whose_router_dies_are_back_soon_although_another_router_swallows_joiners(
      boolean assigns) {
    TreeConfig config = TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 16));
    try (Cluster cluster = new Cluster(config)) {
      Swallowing lie = new Swallowing(assigns, new AtomicInteger());
      LyingNode liar = cluster.liar(NodeKind.ROUTER, lie);
      liar.attached().orTimeout(30, TimeUnit.SECONDS).join();
      await(
          "the liar has been found",
          () ->
              view(cluster.root()).childRouters().stream()
                  .anyMatch(child -> child.dialable() == Dialable.YES));
      RunningNode honest = cluster.router();
      List<RunningNode> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        workers.add(cluster.worker());
      }
      assertThat(lie.swallowed()).hasPositiveValue();
      await(
          "all are below the honest router",
          () -> workers.stream().allMatch(worker -> isBelow(worker, honest.id())));
      honest.kill();
      await(
          "all are back",
          () -> workers.stream().allMatch(worker -> isBelow(worker, cluster.root().id())));
    }
  }

  /// Gives back join requests that it was never passed, and assigns places to joiners it was never asked about.
  private record Forging(NodeId root, AtomicLong joiner, AtomicInteger forged)
      implements LyingNode.Lie {

    private static final long EVERY_NANOS = Duration.ofMillis(1).toNanos();

    @Override
    public Optional<Event> hears(
        Event event, Optional<LinkId> parent, long nowNanos, Effects effects) {
      boolean due = event instanceof Event.TimerFired(Timer timer) && timer.kind() == Alarm.NEXT;
      if (due || event instanceof Event.Start) {
        effects.add(new Effect.SetTimer(new Timer(Alarm.NEXT, 1), nowNanos + EVERY_NANOS));
      }
      if (due) {
        parent.ifPresent(link -> forge(link, effects));
      }
      return due ? Optional.empty() : Optional.of(event);
    }

    private void forge(LinkId parent, Effects effects) {
      NodeId whose = new NodeId(joiner.get());
      for (long attempt = 0; attempt <= 2; attempt++) {
        effects.add(
            new Effect.Send(
                parent,
                new Message.AssignParent(whose, attempt, NOBODY, Address.NONE, List.of(root))));
        effects.add(
            new Effect.Send(
                parent,
                new Message.JoinRequest(
                    whose,
                    NodeKind.CLIENT,
                    Address.NONE,
                    attempt,
                    false,
                    0,
                    0,
                    List.of(new Message.Hop(root, List.of())),
                    true,
                    List.of(NOBODY))));
        forged.incrementAndGet();
      }
    }
  }

  @Test
  void a_leaf_that_gives_back_join_requests_it_never_had_keeps_nobody_from_joining() {
    try (Cluster cluster = new Cluster(patient())) {
      Forging lie = new Forging(cluster.root().id(), new AtomicLong(), new AtomicInteger());
      cluster.liar(NodeKind.CLIENT, lie).attached().orTimeout(30, TimeUnit.SECONDS).join();
      cluster.router();
      for (int i = 1; i <= 10; i++) {
        lie.joiner().set(i);
        cluster.worker(new NodeId(i));
        assertThat(cluster.failedJoins()).isEmpty();
      }
      assertThat(lie.forged()).hasValueGreaterThan(20);
    }
  }

  /// An attempt has so much time that a busy machine does not end it.
  private static TreeConfig patient() {
    TreeConfig.Timing usual = TreeConfig.Timing.DEFAULT;
    return TreeConfig.DEFAULT.withTiming(
        new TreeConfig.Timing(
            usual.heartbeatNanos(),
            usual.heartbeatTimeoutNanos(),
            usual.rebalanceNanos(),
            TimeUnit.SECONDS.toNanos(12),
            usual.backoffMinNanos(),
            usual.backoffMaxNanos(),
            usual.joinJitterNanos(),
            usual.coalesceNanos(),
            usual.graceNanos(),
            usual.slowLinkNanos(),
            usual.youthNanos()));
  }

  /// Says of each question, again and again, that its answer will go on.
  private static final class Chattering implements LyingNode.Lie {
    private static final long EVERY_NANOS = Duration.ofMillis(400).toNanos();
    private static final int MOST = 12;

    private final List<Message.Anycast> asked = new ArrayList<>();

    @Override
    public Optional<Event> hears(
        Event event, Optional<LinkId> parent, long nowNanos, Effects effects) {
      boolean due = event instanceof Event.TimerFired(Timer timer) && timer.kind() == Alarm.NEXT;
      if (due || event instanceof Event.Start) {
        effects.add(new Effect.SetTimer(new Timer(Alarm.NEXT, 1), nowNanos + EVERY_NANOS));
      }
      if (due) {
        asked.forEach(question ->
            parent.ifPresent(link -> effects.add(new Effect.Send(link, more(question)))));
      }
      return due ? Optional.empty() : Optional.of(event);
    }

    @Override
    public Effect instead(Effect effect) {
      if (effect instanceof Effect.Question(Message.Anycast question) && asked.size() < MOST) {
        asked.add(question);
      }
      return effect;
    }

    private static Message more(Message.Anycast question) {
      List<NodeId> route = new ArrayList<>();
      for (Message.Hop hop : question.path().subList(0, question.path().size() - 2)) {
        route.addFirst(hop.node());
      }
      return new Message.AnycastAnswer(
          question.id(),
          question.origin(),
          question.tag(),
          question.path().getLast().node(),
          Message.AnycastAnswer.Completeness.PARTIAL,
          route,
          List.of());
    }
  }

  @ParameterizedTest(name = "they answer without end: {0}")
  @ValueSource(booleans = {false, true})
  void leaves_that_want_everything_and_do_not_give_questions_back_hold_up_nobody_for_long(
      boolean chattering) {
    try (Cluster cluster = new Cluster()) {
      RunningNode writer = cluster.worker();
      RunningNode reader = cluster.worker();
      for (int i = 0; i < 3; i++) {
        LyingNode liar =
            cluster.liar(NodeKind.CLIENT, chattering ? new Chattering() : LyingNode.Lie.NONE);
        liar.attached().orTimeout(30, TimeUnit.SECONDS).join();
        liar.submit(new Event.WantAll(true));
      }
      await(
          "it is known that they want everything",
          () ->
              view(cluster.root()).childClients().stream().filter(NodeView.Child::all).count()
                  == 3);
      List<CompletableFuture<StoreOutcome>> held = new ArrayList<>();
      List<CompletableFuture<StoreOutcome>> absent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        done(put(writer, "held/" + i));
        held.add(get(reader, "held/" + i));
        absent.add(get(reader, "none/" + i));
      }
      assertThat(held)
          .allSatisfy(read ->
              assertThat(read).succeedsWithin(LONGEST_READ).isInstanceOf(StoreOutcome.Value.class));
      assertThat(absent)
          .allSatisfy(read ->
              assertThat(read)
                  .succeedsWithin(LONGEST_READ)
                  .isInstanceOf(StoreOutcome.Unreachable.class));
      AtomicInteger asked = new AtomicInteger();
      await(
          "they are known for what they are, and nobody waits for them any more",
          () ->
              done(get(reader, "never/" + asked.incrementAndGet())) instanceof StoreOutcome.Absent);
    }
  }

  /// Gives back questions of another that it was never asked, as if everybody had been tried.
  private record Returning(NodeId root, AtomicLong origin, List<NodeId> everybody)
      implements LyingNode.Lie {

    private static final long EVERY_NANOS = Duration.ofMillis(5).toNanos();
    private static final int QUESTIONS = 64;

    @Override
    public Optional<Event> hears(
        Event event, Optional<LinkId> parent, long nowNanos, Effects effects) {
      boolean due = event instanceof Event.TimerFired(Timer timer) && timer.kind() == Alarm.NEXT;
      if (due || event instanceof Event.Start) {
        effects.add(new Effect.SetTimer(new Timer(Alarm.NEXT, 1), nowNanos + EVERY_NANOS));
      }
      if (due && origin.get() != 0) {
        parent.ifPresent(link -> forge(link, effects));
      }
      return due ? Optional.empty() : Optional.of(event);
    }

    private void forge(LinkId parent, Effects effects) {
      NodeId whose = new NodeId(origin.get());
      List<Message.Hop> path =
          List.of(
              new Message.Hop(whose, List.of(root)), new Message.Hop(root, List.copyOf(everybody)));
      for (long id = 1; id <= QUESTIONS; id++) {
        effects.add(
            new Effect.Send(parent, new Message.Anycast(id, whose, 1, path, true, Bytes.EMPTY)));
      }
    }
  }

  @Test
  void a_leaf_that_gives_back_questions_it_never_had_makes_nobody_believe_that_a_key_is_absent() {
    try (Cluster cluster = new Cluster()) {
      RunningNode reader = cluster.worker();
      LyingNode deaf = cluster.liar(NodeKind.CLIENT, LyingNode.Lie.NONE);
      deaf.attached().orTimeout(30, TimeUnit.SECONDS).join();
      deaf.submit(new Event.WantAll(true));
      await(
          "it is known that it wants everything",
          () -> view(cluster.root()).childClients().stream().anyMatch(NodeView.Child::all));
      List<NodeId> everybody = new CopyOnWriteArrayList<>();
      Returning lie = new Returning(cluster.root().id(), new AtomicLong(), everybody);
      cluster.liar(NodeKind.CLIENT, lie).attached().orTimeout(30, TimeUnit.SECONDS).join();
      view(cluster.root()).childClients().forEach(child -> everybody.add(child.node()));
      lie.origin().set(reader.id().value());
      for (int i = 0; i < 3; i++) {
        assertThat(get(reader, "maybe/" + i))
            .succeedsWithin(LONGEST_READ)
            .isInstanceOf(StoreOutcome.Unreachable.class);
      }
    }
  }

  private static CompletableFuture<StoreOutcome> put(RunningNode worker, String key) {
    return worker
        .store()
        .orElseThrow()
        .ask(request -> new StoreCommand.Put(request, key, Bytes.utf8("value")));
  }

  private static CompletableFuture<StoreOutcome> get(RunningNode worker, String key) {
    return worker.store().orElseThrow().ask(request -> new StoreCommand.Get(request, key));
  }

  private static StoreOutcome done(CompletableFuture<StoreOutcome> asked) {
    return asked.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Test
  void a_leaf_that_wants_far_more_than_it_may_harms_only_itself() {
    int limit = 20_000;
    TreeConfig config = TreeConfig.DEFAULT.withLimits(new TreeConfig.Limits(limit, 128, 1_024, 64));
    try (Cluster cluster = new Cluster(config, StoreConfig.DEFAULT)) {
      List<RunningNode> workers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        workers.add(cluster.worker());
      }
      RunningNode writer = workers.getFirst();
      for (int i = 0; i < 50; i++) {
        done(put(writer, "key/" + i));
      }
      LyingNode liar = cluster.liar(NodeKind.CLIENT, LyingNode.UNLIMITED);
      liar.attached().orTimeout(30, TimeUnit.SECONDS).join();
      liar.submit(new Event.ChangeInterest(LongStream.range(1, 3 * limit).toArray(), new long[0]));
      await("the liar has lost its place", () -> liar.orphaned() > 0);
      for (RunningNode worker : workers) {
        for (int i = 0; i < 50; i++) {
          String key = "key/" + i;
          await("the value of " + key, () -> done(get(worker, key)) instanceof StoreOutcome.Value);
        }
        assertThat(view(worker).rooted()).isTrue();
      }
      assertThat(cluster.orphaned()).isEmpty();
    }
  }
}
