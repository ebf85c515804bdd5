package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// A root alone with a peer that breaks the rules: one clear line, a counter, the link closed where it must be, the node
/// alive.
class HostilePeerTest {

  private static final LinkId LINK = new LinkId(-1);
  private static final NodeId PEER = new NodeId(9);

  private final TreeConfig config =
      TreeConfig.DEFAULT.withLimits(new TreeConfig.Limits(1_000, 8, 16, 4));
  private final TreeNode root =
      new TreeNode(
          Identity.of(new NodeId(0), NodeKind.ROOT, new Address("root", 1), 1),
          config,
          List.of(),
          new SplittableRandom(1),
          _ -> 1);

  HostilePeerTest() {
    give(new Event.Start());
  }

  private Effects give(Event event) {
    Effects effects = new Effects();
    root.handle(event, 0, effects);
    return effects;
  }

  private Effects receive(Message message) {
    return give(new Event.Received(LINK, message));
  }

  private static Message.Hello hello(int version, String tree, NodeId node) {
    return new Message.Hello(version, tree, node, NodeKind.CLIENT, 5, Bytes.EMPTY);
  }

  private void becomeChild() {
    give(new Event.LinkOpened(LINK));
    receive(hello(Message.Hello.VERSION, "main", PEER));
    receive(new Message.Attach(PEER, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
    assertThat(root.view().childClients()).hasSize(1);
  }

  private static boolean closes(Effects effects) {
    return effects.stream().anyMatch(Effect.CloseLink.class::isInstance);
  }

  private static String refusal(Effects effects) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).message())
        .filter(Message.Refused.class::isInstance)
        .map(message ->
            ((Message.Refused) message).reason() + " " + ((Message.Refused) message).detail())
        .findFirst()
        .orElse("");
  }

  @Test
  void anotherProtocolVersionIsRefusedWithBothVersions() {
    give(new Event.LinkOpened(LINK));
    Effects effects = receive(hello(7, "main", PEER));
    assertThat(refusal(effects))
        .isEqualTo("INCOMPATIBLE protocol version 7, here it is " + Message.Hello.VERSION);
    assertThat(closes(effects)).isTrue();
  }

  @Test
  void anotherTreeIsRefused() {
    give(new Event.LinkOpened(LINK));
    assertThat(refusal(receive(hello(Message.Hello.VERSION, "other", PEER))))
        .contains("tree 'other'");
  }

  @Test
  void aMessageBeforeHelloClosesTheLink() {
    give(new Event.LinkOpened(LINK));
    assertThat(closes(receive(new Message.Cull(3)))).isTrue();
  }

  @Test
  void aSecondHelloClosesTheLink() {
    becomeChild();
    assertThat(closes(receive(hello(Message.Hello.VERSION, "main", PEER)))).isTrue();
    assertThat(root.view().childClients()).isEmpty();
  }

  @Test
  void theRootsOwnIdIsRefused() {
    give(new Event.LinkOpened(LINK));
    assertThat(refusal(receive(hello(Message.Hello.VERSION, "main", new NodeId(0)))))
        .startsWith("DUPLICATE_NODE");
  }

  @Test
  void aSecondLiveNodeWithTheSameIdIsRefused() {
    becomeChild();
    LinkId second = new LinkId(-2);
    give(new Event.LinkOpened(second));
    give(
        new Event.Received(
            second,
            new Message.Hello(
                Message.Hello.VERSION, "main", PEER, NodeKind.CLIENT, 6, Bytes.EMPTY)));
    Effects effects =
        give(
            new Event.Received(
                second,
                new Message.Attach(PEER, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of())));
    assertThat(refusal(effects)).startsWith("DUPLICATE_NODE");
    assertThat(root.view().childClients()).hasSize(1);
  }

  @Test
  void framesFromAStrangersLinkAreIgnoredAndCounted() {
    give(new Event.LinkOpened(LINK));
    receive(hello(Message.Hello.VERSION, "main", PEER));
    Effects effects =
        receive(new Message.Interest(1, true, 64, false, new long[] {1}, new long[0], 0));
    assertThat(effects).isEmpty();
    assertThat(counter("ignoredStranger")).isEqualTo(1);
  }

  @Test
  void aChildThatActsAsAParentIsIgnored() {
    becomeChild();
    assertThat(receive(new Message.Cull(5))).isEmpty();
    assertThat(receive(new Message.Wanted(1, 1, false, true, new long[0], new long[0], 0)))
        .isEmpty();
    assertThat(counter("ignoredUnexpected")).isEqualTo(2);
    assertThat(root.view().childClients()).hasSize(1);
  }

  @Test
  void anInterestBombClosesTheLinkAndLeavesNothingBehind() {
    becomeChild();
    long[] many = LongStream.range(0, 1_001).toArray();
    assertThat(closes(receive(new Message.Interest(1, true, 64, false, many, new long[0], 0))))
        .isTrue();
    assertThat(root.view().childClients()).isEmpty();
    Effects effects = new Effects();
    give(new Event.LinkOpened(new LinkId(-5)));
    root.handle(new Event.Publish(List.of(update(7))), 0, effects);
    assertThat(effects).isEmpty();
  }

  @Test
  void whoWantsMostIsSentAwayAndNotWhoeverComesLast() {
    LinkId greedy = router(-2, new NodeId(20));
    LinkId modest = router(-3, new NodeId(30));
    assertThat(closes(wants(greedy, LongStream.range(0, 1_100).toArray()))).isFalse();
    Effects effects = wants(modest, LongStream.range(2_000, 2_950).toArray());
    assertThat(closed(effects)).contains(greedy).doesNotContain(modest);
  }

  private LinkId router(int number, NodeId node) {
    LinkId link = new LinkId(number);
    give(new Event.LinkOpened(link));
    give(
        new Event.Received(
            link,
            new Message.Hello(
                Message.Hello.VERSION, "main", node, NodeKind.ROUTER, 5, Bytes.EMPTY)));
    give(
        new Event.Received(
            link,
            new Message.Attach(node, NodeKind.ROUTER, new Address("r", 1), 1, 1, 0, 0, List.of())));
    return link;
  }

  private static List<LinkId> closed(Effects effects) {
    return effects.stream()
        .filter(Effect.CloseLink.class::isInstance)
        .map(effect -> ((Effect.CloseLink) effect).link())
        .toList();
  }

  private Effects wants(LinkId link, long[] tags) {
    return give(
        new Event.Received(link, new Message.Interest(1, true, 64, false, tags, new long[0], 0)));
  }

  @Test
  void absurdSizesDoNotOverflow() {
    give(new Event.LinkOpened(LINK));
    receive(
        new Message.Hello(Message.Hello.VERSION, "main", PEER, NodeKind.ROUTER, 5, Bytes.EMPTY));
    receive(
        new Message.Attach(
            PEER, NodeKind.ROUTER, new Address("r", 1), 1, 1, Integer.MAX_VALUE, 1, List.of()));
    int max = Integer.MAX_VALUE;
    receive(
        new Message.Heartbeat(
            true,
            0,
            0,
            0,
            0,
            new Message.Heartbeat.FromChild(max, max, max, max, max, max, max, max, 0, 0, 0)));
    assertThat(root.view().clients()).isPositive();
    assertThat(root.view().routers()).isPositive();
  }

  @Test
  void absurdQueuesDoNotOverflow() {
    becomeChild();
    int max = Integer.MAX_VALUE;
    for (long seen : new long[] {0, 3, Long.MAX_VALUE}) {
      receive(
          new Message.Heartbeat(
              true,
              0,
              0,
              0,
              0,
              new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, max, seen, 0, 0)));
      for (int i = 0; i < 3; i++) {
        Effects effects = give(new Event.Submit(i, new long[] {7}, Bytes.EMPTY));
        assertThat(effects)
            .anyMatch(effect ->
                effect instanceof Effect.Send send && send.message() instanceof Message.Dispatch);
        receive(new Message.TaskResult(i, PEER, List.of(PEER), Bytes.EMPTY));
        receive(new Message.TaskResult(i, PEER, List.of(PEER), Bytes.EMPTY));
      }
    }
  }

  @Test
  void aResultWhosePathLeadsNowhereGoesNowhere() {
    becomeChild();
    NodeId self = new NodeId(0);
    for (List<NodeId> path :
        List.of(
            List.<NodeId>of(),
            List.of(PEER),
            List.of(new NodeId(5), self, PEER),
            List.of(new NodeId(5), self, self, new NodeId(5), self))) {
      assertThat(receive(new Message.TaskResult(1, PEER, path, Bytes.EMPTY))).isEmpty();
    }
    assertThat(root.counters()).contains(new Message.Counter("resultsLost", 4));
    List<NodeId> circle = List.of(PEER, self, PEER, self);
    assertThat(receive(new Message.TaskResult(1, PEER, circle, Bytes.EMPTY))).hasSize(1);
  }

  @Test
  void moreTagsThanARouterRemembersAreDispatchedAllTheSame() {
    becomeChild();
    for (int i = 0; i < 100; i++) {
      long[] tags = LongStream.range(i * 1_000L, (i + 1) * 1_000L).toArray();
      assertThat(give(new Event.Submit(i, tags, Bytes.EMPTY))).hasSize(1);
    }
  }

  @Test
  void aMulticastThatHasCrossedTooManyLinksGoesNoFurther() {
    becomeChild();
    receive(new Message.Interest(1, true, 64, false, new long[] {7}, new long[0], Tags.hashOf(7)));
    LinkId other = new LinkId(-2);
    give(new Event.LinkOpened(other));
    give(
        new Event.Received(
            other,
            new Message.Hello(
                Message.Hello.VERSION, "main", new NodeId(8), NodeKind.CLIENT, 5, Bytes.EMPTY)));
    give(
        new Event.Received(
            other,
            new Message.Attach(
                new NodeId(8), NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of())));
    Multicast fresh = new Multicast.Plain(7, List.of(update(7)));
    assertThat(give(new Event.Received(other, fresh))).anyMatch(Effect.Forward.class::isInstance);
    Multicast weary = new Multicast.Plain(8, List.of(update(7)));
    assertThat(give(new Event.Received(other, weary))).isEmpty();
    assertThat(counter("hopLimit")).isEqualTo(1);
  }

  @Test
  void tooManyStrangersAreTurnedAway() {
    for (int i = 1; i <= 4; i++) {
      assertThat(closes(give(new Event.LinkOpened(new LinkId(-i))))).isFalse();
    }
    assertThat(closes(give(new Event.LinkOpened(new LinkId(-5))))).isTrue();
  }

  @Test
  void anAnycastWithAForgedPathIsIgnored() {
    becomeChild();
    Message.Hop stranger = new Message.Hop(new NodeId(77), List.of());
    receive(new Message.Anycast(1, PEER, 3, List.of(stranger), false, Bytes.EMPTY));
    receive(new Message.Anycast(1, PEER, 3, List.of(), true, Bytes.EMPTY));
    assertThat(counter("ignoredUnexpected")).isEqualTo(2);
  }

  private static Record update(long tag) {
    return new Record(
        new long[] {tag}, PEER, new Session(1, 1), 1, new long[] {0}, Bytes.utf8("x"));
  }

  private long counter(String name) {
    return root.counters().stream()
        .filter(counter -> counter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
