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
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What an observer gets to know, and what it cannot make a router do.
class SurveyTest {

  private static final long TAG = 42;
  private static final NodeId CLIENT = new NodeId(9);
  private static final NodeId OBSERVER = new NodeId(77);

  /// The observer's incarnation, by which answers find it.
  private static final NodeId ASKER = new NodeId(55);

  private static final LinkId TO_CLIENT = new LinkId(-1);
  private static final LinkId TO_OBSERVER = new LinkId(-2);

  private final TreeNode root =
      new TreeNode(
          Identity.of(new NodeId(0), NodeKind.ROOT, new Address("root", 1), 1),
          TreeConfig.DEFAULT,
          List.of(),
          new SplittableRandom(1),
          _ -> 1);

  private long nowNanos;

  SurveyTest() {
    give(new Event.Start());
    greet(TO_CLIENT, CLIENT, NodeKind.CLIENT);
    receive(
        TO_CLIENT,
        new Message.Attach(CLIENT, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
    greet(TO_OBSERVER, OBSERVER, NodeKind.OBSERVER);
  }

  private Effects give(Event event) {
    Effects effects = new Effects();
    root.handle(event, nowNanos, effects);
    return effects;
  }

  private List<Effect> receive(LinkId link, Message message) {
    return List.copyOf(give(new Event.Received(link, message)));
  }

  private void greet(LinkId link, NodeId node, NodeKind kind) {
    greet(link, node, kind, ASKER.value());
  }

  private void greet(LinkId link, NodeId node, NodeKind kind, long incarnation) {
    give(new Event.LinkOpened(link));
    receive(
        link,
        new Message.Hello(Message.Hello.VERSION, "main", node, kind, incarnation, Bytes.EMPTY));
  }

  private static Message.Survey about(NodeId node) {
    return new Message.Survey(3, new long[] {TAG}, Optional.of(node), Optional.empty());
  }

  private static Message.SurveyAnswer answerOf(
      NodeId node, Optional<NodeId> asker, List<Message.Neighbour> children) {
    return new Message.SurveyAnswer(
        3,
        asker,
        node,
        NodeKind.CLIENT,
        Address.NONE,
        1,
        true,
        0,
        0,
        new Message.NodeInterest(1, 64, 0, 1, 1, 1, List.of(Message.Upward.UNWANTED)),
        children,
        List.of());
  }

  private long ignored() {
    return root.counters().stream()
        .filter(counter -> counter.name().startsWith("ignored"))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  @Test
  void aSurveyOfAClientIsPassedOnToItAndItsAnswerBack() {
    assertThat(receive(TO_OBSERVER, about(CLIENT)))
        .containsExactly(
            new Effect.Send(
                TO_CLIENT,
                new Message.Survey(3, new long[] {TAG}, Optional.empty(), Optional.of(ASKER))));
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.of(ASKER), List.of())))
        .containsExactly(
            new Effect.Send(TO_OBSERVER, answerOf(CLIENT, Optional.empty(), List.of())));
  }

  @Test
  void twoWhoLookOnWithOneIdentityEachGetTheirOwnAnswer() {
    LinkId other = new LinkId(-3);
    greet(other, OBSERVER, NodeKind.OBSERVER, 56);
    receive(TO_OBSERVER, about(CLIENT));
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.of(ASKER), List.of())))
        .containsExactly(
            new Effect.Send(TO_OBSERVER, answerOf(CLIENT, Optional.empty(), List.of())));
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.of(new NodeId(56)), List.of())))
        .containsExactly(new Effect.Send(other, answerOf(CLIENT, Optional.empty(), List.of())));
  }

  @Test
  void whoAsksInAnothersNameGetsTheAnswerItself() {
    List<Effect> effects =
        receive(
            TO_OBSERVER,
            new Message.Survey(
                3, new long[] {TAG}, Optional.of(CLIENT), Optional.of(new NodeId(1234))));
    assertThat(effects)
        .singleElement()
        .satisfies(effect ->
            assertThat(((Message.Survey) ((Effect.Send) effect).message()).asker())
                .contains(ASKER));
  }

  @Test
  void aSecondSurveyOfAClientSoonAfterIsAnsweredByTheRouterItself() {
    receive(TO_OBSERVER, about(CLIENT));
    assertThat(answerer(receive(TO_OBSERVER, about(CLIENT)))).isEqualTo(new NodeId(0));
    nowNanos += 60_000_000;
    assertThat(receive(TO_OBSERVER, about(CLIENT)))
        .singleElement()
        .satisfies(effect -> assertThat(((Effect.Send) effect).link()).isEqualTo(TO_CLIENT));
  }

  @Test
  void aCongestedClientAndANodeThatIsNoClientHereAreNotAsked() {
    assertThat(answerer(receive(TO_OBSERVER, about(new NodeId(5))))).isEqualTo(new NodeId(0));
    give(new Event.LinkCongested(TO_CLIENT));
    assertThat(answerer(receive(TO_OBSERVER, about(CLIENT)))).isEqualTo(new NodeId(0));
  }

  @ParameterizedTest
  @EnumSource(
      value = NodeKind.class,
      names = {"CLIENT", "ROUTER"})
  void onlyAnObserverMayAskAboutAClient(NodeKind kind) {
    LinkId link = new LinkId(-3);
    greet(link, new NodeId(5), kind);
    assertThat(answerer(receive(link, about(CLIENT)))).isEqualTo(new NodeId(0));
  }

  @Test
  void anAnswerThatIsForNobodyHereOrTellsOfAnotherNodeGoesNowhere() {
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.empty(), List.of()))).isEmpty();
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.of(new NodeId(5)), List.of())))
        .isEmpty();
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.of(CLIENT), List.of()))).isEmpty();
    assertThat(receive(TO_CLIENT, answerOf(new NodeId(5), Optional.of(ASKER), List.of())))
        .isEmpty();
    assertThat(receive(TO_OBSERVER, answerOf(OBSERVER, Optional.of(ASKER), List.of()))).isEmpty();
    Message.Neighbour invented =
        new Message.Neighbour(
            new NodeId(6),
            NodeKind.CLIENT,
            Address.NONE,
            0,
            0,
            0,
            new Message.LinkInterest(0, 64, false, 0, 0, 0, 0),
            0,
            0,
            0,
            0,
            Message.Condition.FINE);
    assertThat(receive(TO_CLIENT, answerOf(CLIENT, Optional.of(ASKER), List.of(invented))))
        .isEmpty();
    assertThat(ignored()).isEqualTo(6);
  }

  @Test
  void aRouterSaysWhyAnUpdateFromBelowGoesUpOrDoesNot() {
    TestTree tree = new TestTree(TreeConfig.DEFAULT);
    NodeId top = tree.add(0, NodeKind.ROOT);
    NodeId left = tree.add(1, NodeKind.ROUTER);
    tree.advanceMillis(1_100);
    NodeId right = tree.add(2, NodeKind.ROUTER);
    tree.advanceMillis(1_100);
    NodeId a = tree.add(3, NodeKind.CLIENT);
    tree.advanceMillis(1_100);
    NodeId b = tree.add(4, NodeKind.CLIENT);
    tree.advanceMillis(1_100);
    NodeId router = tree.view(a).parent().orElseThrow();
    assertThat(List.of(left, right)).contains(router);
    assertThat(tree.view(b).parent()).isNotEqualTo(tree.view(a).parent());

    long inbox = Tags.inbox(b);
    tree.give(a, new Event.ChangeInterest(new long[] {7, 8}, new long[0]));
    tree.give(b, new Event.ChangeInterest(new long[] {8}, new long[0]));
    tree.advanceMillis(50);
    Message.NodeInterest told = told(tree, router, 7, 8, 9, inbox);
    assertThat(told.upward())
        .containsExactly(
            Message.Upward.UNWANTED,
            Message.Upward.WANTED,
            Message.Upward.UNKNOWN,
            Message.Upward.INBOX);
    assertThat(told.wantedHere()).isZero();
    assertThat(told.answered()).isEqualTo(told.version()).isPositive();
    assertThat(told(tree, a, 7, 8, 9).wantedHere()).isEqualTo(0b011);
    assertThat(told(tree, top, 7).upward()).containsExactly(Message.Upward.NO_PARENT);

    tree.lose(Message.Wanted.class::isInstance);
    tree.give(a, new Event.ChangeInterest(new long[] {9}, new long[0]));
    tree.advanceMillis(50);
    assertThat(told(tree, router, 9).upward()).containsExactly(Message.Upward.UNANSWERED);

    tree.lose(message -> false);
    tree.give(b, new Event.WantAll(true));
    tree.advanceMillis(5_000);
    assertThat(told(tree, router, 7).upward()).containsExactly(Message.Upward.EVERYTHING);
  }

  @Test
  void whoAsksAboutATagIsToldWheneverSomebodyElseComesToWantItOrNobodyDoesAnyMore() {
    TestTree tree = new TestTree(TreeConfig.DEFAULT);
    tree.add(0, NodeKind.ROOT);
    tree.add(1, NodeKind.ROUTER);
    tree.advanceMillis(1_100);
    tree.add(2, NodeKind.ROUTER);
    tree.advanceMillis(1_100);
    List<NodeId> clients = new ArrayList<>();
    for (int i = 3; i < 7; i++) {
      clients.add(tree.add(i, NodeKind.CLIENT));
      tree.advanceMillis(1_100);
    }
    NodeId writer = clients.getFirst();
    NodeId router = tree.view(writer).parent().orElseThrow();
    NodeId sibling =
        clients.stream()
            .skip(1)
            .filter(c -> tree.view(c).parent().orElseThrow().equals(router))
            .findFirst()
            .orElseThrow();
    NodeId stranger =
        clients.stream()
            .filter(c -> !tree.view(c).parent().orElseThrow().equals(router))
            .findFirst()
            .orElseThrow();
    assertThat(told(tree, writer, 7).upward()).containsExactly(Message.Upward.UNKNOWN);
    for (NodeId asks : List.of(writer, sibling)) {
      tree.give(asks, new Event.ChangeInterest(new long[] {Tags.asking(7)}, new long[0]));
    }
    expectUpward(tree, 7, Message.Upward.UNWANTED, writer, sibling, router);

    want(tree, stranger, 7, true);
    expectUpward(tree, 7, Message.Upward.WANTED, writer, sibling, router);
    want(tree, sibling, 7, true);
    expectUpward(tree, 7, Message.Upward.WANTED, writer, sibling, router);
    want(tree, stranger, 7, false);
    expectUpward(tree, 7, Message.Upward.WANTED, writer);
    expectUpward(tree, 7, Message.Upward.UNWANTED, sibling, router);
    want(tree, writer, 7, true);
    expectUpward(tree, 7, Message.Upward.WANTED, writer, sibling);
    expectUpward(tree, 7, Message.Upward.UNWANTED, router);
    want(tree, sibling, 7, false);
    expectUpward(tree, 7, Message.Upward.UNWANTED, writer, router);
    expectUpward(tree, 7, Message.Upward.WANTED, sibling);
    want(tree, writer, 7, false);
    expectUpward(tree, 7, Message.Upward.UNWANTED, writer, sibling, router);

    // An update of it reaches nobody, not even those who ask.
    tree.upcalls.values().forEach(List::clear);
    tree.give(
        writer,
        new Event.Publish(
            List.of(
                new Record(
                    new long[] {7}, writer, new Session(1, 1), 1, new long[] {0}, Bytes.EMPTY))));
    tree.advanceMillis(50);
    assertThat(tree.upcalls.values().stream().flatMap(List::stream).toList())
        .noneMatch(Effect.Deliver.class::isInstance);
  }

  private static void want(TestTree tree, NodeId node, long tag, boolean wants) {
    long[] changed = {tag};
    long[] none = {};
    tree.give(node, new Event.ChangeInterest(wants ? changed : none, wants ? none : changed));
  }

  private static void expectUpward(
      TestTree tree, long tag, Message.Upward expected, NodeId... nodes) {
    tree.advanceMillis(50);
    for (NodeId node : nodes) {
      assertThat(told(tree, node, tag).upward()).as("of " + node).containsExactly(expected);
    }
  }

  private static Message.NodeInterest told(TestTree tree, NodeId node, long... tags) {
    return tree.node(node).interest(tags);
  }

  private static NodeId answerer(List<Effect> effects) {
    assertThat(effects).hasSize(1);
    return ((Message.SurveyAnswer) ((Effect.Send) effects.getFirst()).message()).node();
  }
}
