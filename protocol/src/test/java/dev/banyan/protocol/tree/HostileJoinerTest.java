package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A router with a parent and a joiner that means harm, or a child that wants very much: neither may cost the router its
/// own place.
class HostileJoinerTest {

  private static final NodeId ROOT = new NodeId(0);
  private static final NodeId JOINER = new NodeId(9);
  private static final Address ROOT_ADDRESS = new Address("root", 1);
  private static final LinkId UP = new LinkId(1);
  private static final LinkId DOWN = new LinkId(-1);

  private final TreeNode router =
      new TreeNode(
          Identity.of(new NodeId(1), NodeKind.ROUTER, new Address("router", 1), 1),
          TreeConfig.DEFAULT,
          List.of(ROOT_ADDRESS),
          new SplittableRandom(1),
          _ -> 1);
  private long nowNanos;
  private long beats;

  HostileJoinerTest() {
    Effects started = give(new Event.Start());
    nowNanos = 20_000_000;
    for (Effect effect : started) {
      if (effect instanceof Effect.SetTimer(Timer timer, long at) && at <= nowNanos) {
        give(new Event.TimerFired(timer));
      }
    }
    give(new Event.LinkOpened(UP));
    receive(
        UP, new Message.Hello(Message.Hello.VERSION, "main", ROOT, NodeKind.ROOT, 1, Bytes.EMPTY));
    receive(
        UP, new Message.AssignParent(router.identity().node(), 1, ROOT, ROOT_ADDRESS, List.of()));
    receive(
        UP,
        new Message.Attached(
            router.identity().node(),
            1,
            1,
            List.of(),
            List.of(new Message.PathEntry(ROOT, 0)),
            Message.InterestLimits.UNSAID,
            0,
            0));
    assertThat(router.view().rooted()).isTrue();
  }

  private Effects give(Event event) {
    Effects effects = new Effects();
    router.handle(event, nowNanos, effects);
    return effects;
  }

  private Effects receive(LinkId link, Message message) {
    return give(new Event.Received(link, message));
  }

  private Effects attach(int clients, int routers) {
    return receive(
        DOWN,
        new Message.Attach(
            JOINER, NodeKind.ROUTER, new Address("j", 1), 1, 1, clients, routers, List.of()));
  }

  private void greet() {
    give(new Event.LinkOpened(DOWN));
    receive(
        DOWN,
        new Message.Hello(Message.Hello.VERSION, "main", JOINER, NodeKind.ROUTER, 5, Bytes.EMPTY));
  }

  private List<Message> sentUp(Effects effects) {
    return effects.stream()
        .filter(effect ->
            effect instanceof Effect.Send(LinkId link, Message ignored) && link.equals(UP))
        .map(effect -> ((Effect.Send) effect).message())
        .toList();
  }

  @Test
  void twoAttachesOnOneLinkAreOneAttach() {
    greet();
    attach(1, 0);
    attach(0, 0);
    receive(
        UP,
        new Message.Attached(
            JOINER, 1, 1, List.of(), List.of(), Message.InterestLimits.UNSAID, 0, 0));
    receive(
        UP,
        new Message.Attached(
            JOINER, 1, 1, List.of(), List.of(), Message.InterestLimits.UNSAID, 0, 0));
    assertThat(router.view().childRouters()).hasSize(1);
    assertThat(router.view().parent()).contains(ROOT);
  }

  @Test
  void anAnswerToAnOlderAttemptDoesNotEndTheWaitForTheCurrentOne() {
    greet();
    attach(1, 0);
    receive(
        UP,
        new Message.Attached(
            JOINER, 0, 1, List.of(), List.of(), Message.InterestLimits.UNSAID, 0, 0));
    assertThat(router.view().childRouters()).isEmpty();
    receive(
        UP,
        new Message.Attached(
            JOINER, 1, 1, List.of(), List.of(), Message.InterestLimits.UNSAID, 0, 0));
    assertThat(router.view().childRouters()).hasSize(1);
  }

  @Test
  void absurdSizesOfAJoinerDoNotMakeOurOwnHeartbeatsAbsurd() {
    greet();
    attach(Integer.MAX_VALUE, Integer.MAX_VALUE);
    receive(
        UP,
        new Message.Attached(
            JOINER, 1, 1, List.of(), List.of(), Message.InterestLimits.UNSAID, 0, 0));
    nowNanos += 2_000_000_000L;
    Effects effects = new Effects();
    for (long generation = 1; generation < 50; generation++) {
      router.handle(
          new Event.TimerFired(new Timer(TreeTimer.HEARTBEAT, generation)), nowNanos, effects);
    }
    assertThat(sentUp(effects).stream().filter(Message.Heartbeat.class::isInstance).toList())
        .isNotEmpty()
        .allSatisfy(message -> {
          Message.Heartbeat.FromChild beat =
              (Message.Heartbeat.FromChild) ((Message.Heartbeat) message).side();
          assertThat(beat.expectedRouters()).isPositive();
          assertThat(beat.expectedClients()).isPositive();
          assertThat(beat.routers()).isPositive();
        });
  }

  @Tag("costly")
  @Test
  void aChildIsAnsweredOnlyWhenTheParentHasAnsweredForAllItsTags() {
    greet();
    attach(0, 0);
    long[] many = LongStream.range(0, 300_000).toArray();
    receive(DOWN, new Message.Interest(1, true, 64, false, many, new long[0], hashOf(many)));
    List<Message.Interest> up =
        sentUp(flush()).stream()
            .filter(Message.Interest.class::isInstance)
            .map(Message.Interest.class::cast)
            .toList();
    assertThat(up).hasSizeGreaterThan(1);
    long firstVersion = up.getFirst().version();
    receive(UP, new Message.Wanted(1, firstVersion, false, false, new long[0], new long[0], 0));
    assertThat(answersIn(flush())).isEmpty();
    receive(
        UP,
        new Message.Wanted(2, up.getLast().version(), false, false, new long[0], new long[0], 0));
    assertThat(answersIn(flush())).containsExactly(1L);
  }

  @Tag("costly")
  @Test
  void aLongAnswerComesInSeveralMessagesAndCountsWithTheLast() {
    greet();
    attach(0, 0);
    long[] many = LongStream.range(0, 600_000).toArray();
    give(new Event.ChangeInterest(many, new long[0]));
    receive(DOWN, new Message.Interest(1, true, 64, false, many, new long[0], hashOf(many)));
    long version = 0;
    for (Message message : sentUp(flush())) {
      version = message instanceof Message.Interest interest ? interest.version() : version;
    }
    receive(UP, new Message.Wanted(1, version, false, false, new long[0], new long[0], 0));
    List<Message.Wanted> down =
        flush().stream()
            .filter(effect ->
                effect instanceof Effect.Send(LinkId link, Message m)
                    && link.equals(DOWN)
                    && m instanceof Message.Wanted)
            .map(effect -> (Message.Wanted) ((Effect.Send) effect).message())
            .toList();
    assertThat(down)
        .hasSize(3)
        .allSatisfy(wanted -> assertThat(wanted.added().length).isLessThanOrEqualTo(1 << 18));
    assertThat(down.stream().map(Message.Wanted::answers).toList()).containsExactly(0L, 0L, 1L);
  }

  @Test
  void aChildThatKeepsChangingHowItCutsItsTagsMakesTheTreeSendEverythingAnewOnceInAGracePeriod() {
    greet();
    attach(0, 0);
    long tag = 1L << 60;
    for (int i = 0; i < 20; i++) {
      int bits = i % 2 == 0 ? 24 : 64;
      receive(
          DOWN,
          new Message.Interest(
              i + 1, true, bits, false, new long[] {tag}, new long[0], Tags.hashOf(tag)));
      beat();
    }
    assertThat(counter("resolutions")).isEqualTo(1);
    assertThat(router.view().bits()).isEqualTo(24);
    nowNanos += TreeConfig.DEFAULT.timing().graceNanos();
    beat();
    assertThat(router.view().bits()).isEqualTo(64);
  }

  @Test
  void aJoinerMayBeSilentForAsLongAsItsPatienceAndIsCutOffThen() {
    greet();
    assertThat(closedWithin(600)).as("6 s").isFalse();
    assertThat(closedWithin(400)).as("10 s").isTrue();
  }

  private boolean closedWithin(int beats) {
    boolean closed = false;
    for (int i = 0; i < beats; i++) {
      if (i % 50 == 0) {
        receive(UP, aim(0));
      }
      nowNanos += 10_000_000;
      Effects effects = give(new Event.TimerFired(new Timer(TreeTimer.HEARTBEAT, ++this.beats)));
      closed |=
          effects.stream()
              .anyMatch(e -> e instanceof Effect.CloseLink close && close.link().equals(DOWN));
    }
    return closed;
  }

  @Test
  void anyNumberOfJoinsForARouterThatDoesNotSeeThemLeavesOurOwnHeartbeatsSane() {
    greet();
    attach(0, 0);
    NodeId self = router.identity().node();
    for (int i = 0; i < 70_000; i++) {
      receive(
          UP,
          new Message.JoinRequest(
              new NodeId(1_000 + i),
              i % 2 == 0 ? NodeKind.ROUTER : NodeKind.CLIENT,
              new Address("j", 1),
              1,
              false,
              1 << 16,
              1 << 16,
              List.of(new Message.Hop(ROOT, List.of(self))),
              false,
              List.of(self, JOINER)));
    }
    nowNanos += 2_000_000_000L;
    Effects effects = new Effects();
    for (long generation = 1; generation < 50; generation++) {
      router.handle(
          new Event.TimerFired(new Timer(TreeTimer.HEARTBEAT, generation)), nowNanos, effects);
    }
    assertThat(sentUp(effects).stream().filter(Message.Heartbeat.class::isInstance).toList())
        .isNotEmpty()
        .allSatisfy(message -> {
          Message.Heartbeat.FromChild beat =
              (Message.Heartbeat.FromChild) ((Message.Heartbeat) message).side();
          assertThat(beat.expectedRouters()).isNotNegative();
          assertThat(beat.expectedClients()).isNotNegative();
        });
  }

  @Test
  void anAimSoLowThatTheChildWouldBeRefusedIsNotTaken() {
    receive(UP, aim(3));
    assertThat(router.view().bits()).isEqualTo(64);
    receive(UP, aim(30));
    assertThat(router.view().bits()).isEqualTo(30);
  }

  private static Message.Heartbeat aim(int bits) {
    List<Message.PathEntry> path = List.of(new Message.PathEntry(ROOT, 0));
    return new Message.Heartbeat(
        true,
        1,
        0,
        0,
        0,
        new Message.Heartbeat.FromParent(
            path, bits, false, false, Dialable.UNKNOWN, Message.InterestLimits.UNSAID, 0, 0));
  }

  private void beat() {
    nowNanos += 10_000_000;
    give(new Event.TimerFired(new Timer(TreeTimer.HEARTBEAT, ++beats)));
  }

  private long counter(String name) {
    return router.counters().stream()
        .filter(counter -> counter.name().equals(name))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  private Effects flush() {
    nowNanos += 10_000_000;
    Effects effects = new Effects();
    for (long generation = 1; generation < 200; generation++) {
      router.handle(
          new Event.TimerFired(new Timer(TreeTimer.FLUSH, generation)), nowNanos, effects);
    }
    return effects;
  }

  private static List<Long> answersIn(Effects effects) {
    return effects.stream()
        .filter(effect ->
            effect instanceof Effect.Send(LinkId link, Message m)
                && link.equals(DOWN)
                && m instanceof Message.Wanted)
        .map(effect -> ((Message.Wanted) ((Effect.Send) effect).message()).answers())
        .toList();
  }

  private static long hashOf(long[] tags) {
    long hash = 0;
    for (long tag : tags) {
      hash ^= Tags.hashOf(tag);
    }
    return hash;
  }
}
