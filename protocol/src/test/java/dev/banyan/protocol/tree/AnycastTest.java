package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.AnycastAnswer.Completeness;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The walk of one question through one router: where it goes next, and who may say that nobody holds the key.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnycastTest {

  private static final NodeId PARENT = new NodeId(5);
  private static final NodeId ONE = new NodeId(20);
  private static final NodeId OTHER = new NodeId(21);
  private static final NodeId ASKER = new NodeId(30);
  private static final long TAG = Tags.ofKeyHash(77);
  private static final long SECOND = 1_000_000_000L;

  private final ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
  private final LinkId up = router.attached(PARENT);

  private static Message.Interest interest(long... tags) {
    long hash = LongStream.of(tags).map(Tags::hashOf).reduce(0, (a, b) -> a ^ b);
    return new Message.Interest(1, true, Tags.BITS, false, tags, new long[0], hash);
  }

  private LinkId wants(NodeId id, NodeKind kind) {
    LinkId link = router.child(id, kind);
    router.receive(link, interest(TAG));
    return link;
  }

  private static Message.Hop hop(NodeId node, NodeId... tried) {
    return new Message.Hop(node, List.of(tried));
  }

  private static Message.Anycast question(long id, Message.Hop... path) {
    return new Message.Anycast(id, ASKER, TAG, List.of(path), false, Bytes.utf8("who?"));
  }

  private static Message.Anycast back(Message.Anycast given, boolean doubtful) {
    return new Message.Anycast(
        given.id(), given.origin(), given.tag(), given.path(), true, doubtful, given.question());
  }

  private Message.Anycast anycastOn(LinkId link) {
    return router.sentOn(link).stream()
        .filter(Message.Anycast.class::isInstance)
        .map(Message.Anycast.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no question among " + router.effects));
  }

  private boolean goesNowhere() {
    return router.effects.stream()
        .noneMatch(effect ->
            effect instanceof Effect.Send(LinkId _, Message message)
                && (message instanceof Message.Anycast
                    || message instanceof Message.AnycastAnswer));
  }

  /// What the question of the node itself ended with.
  private Completeness ended() {
    return router.effects.stream()
        .filter(Effect.Answered.class::isInstance)
        .map(answered -> ((Effect.Answered) answered).answer().completeness())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no end among " + router.effects));
  }

  @Test
  void a_question_goes_to_the_children_who_want_the_tag_one_after_the_other_and_then_up() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    LinkId other = wants(OTHER, NodeKind.ROUTER);
    LinkId asker = wants(ASKER, NodeKind.CLIENT);
    router.receive(asker, question(1, hop(ASKER)));
    Message.Anycast first = anycastOn(one);
    assertThat(first.path()).containsExactly(hop(ASKER), hop(ByHand.SELF, ONE));
    router.receive(one, back(first, false));
    Message.Anycast second = anycastOn(other);
    assertThat(second.path()).containsExactly(hop(ASKER), hop(ByHand.SELF, ONE, OTHER));
    router.receive(other, back(second, false));
    assertThat(anycastOn(up).path())
        .containsExactly(hop(ASKER), hop(ByHand.SELF, ONE, OTHER, PARENT));
    assertThat(anycastOn(up).doubtful()).isFalse();
  }

  @Test
  void from_above_it_goes_down_and_back_and_never_up() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    router.receive(one, back(anycastOn(one), false));
    Message.Anycast back = anycastOn(up);
    assertThat(back.returned()).isTrue();
    assertThat(back.path()).containsExactly(hop(ASKER), hop(PARENT, ByHand.SELF));
  }

  @Test
  void whoever_has_been_slow_to_give_a_question_back_is_asked_last_even_after_the_parent() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    LinkId other = wants(OTHER, NodeKind.CLIENT);
    router.give(new Event.Ask(1, TAG, Bytes.EMPTY));
    assertThat(anycastOn(one)).isNotNull();
    router.pass(2 * SECOND);
    router.give(new Event.Ask(2, TAG, Bytes.EMPTY));
    router.receive(other, back(anycastOn(other), false));
    Message.Anycast outside = anycastOn(up);
    router.receive(up, back(outside, false));
    assertThat(anycastOn(one).id()).isEqualTo(2);
  }

  @Test
  void a_question_comes_after_the_mark_of_what_was_dropped() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    router.give(new Event.LinkCongested(one));
    router.receive(up, new Message.Gap(0, new long[] {TAG}));
    assertThat(router.sentOn(one)).isEmpty();
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    assertThat(router.sentOn(one))
        .hasExactlyElementsOfTypes(Message.Gap.class, Message.Anycast.class);
  }

  @Test
  void a_question_goes_up_after_the_advertisement_of_what_is_wanted_here() {
    wants(ONE, NodeKind.CLIENT);
    router.give(new Event.Ask(1, TAG ^ 1L << 40, Bytes.EMPTY));
    assertThat(router.sentOn(up))
        .hasExactlyElementsOfTypes(Message.Interest.class, Message.Anycast.class);
  }

  @Test
  void a_doubt_stays_with_the_question() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    router.receive(one, back(anycastOn(one), true));
    assertThat(anycastOn(up).doubtful()).isTrue();
  }

  @Test
  void whoever_did_not_get_a_question_cannot_give_it_back_and_nobody_twice() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    LinkId other = wants(OTHER, NodeKind.CLIENT);
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    Message.Anycast given = anycastOn(one);
    router.receive(other, back(given, false));
    assertThat(goesNowhere()).isTrue();
    router.receive(one, back(given, false));
    assertThat(anycastOn(other)).isNotNull();
    router.receive(one, back(given, false));
    assertThat(goesNowhere()).isTrue();
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(2);
  }

  @Test
  void what_comes_back_is_what_was_given_whatever_the_child_has_made_of_it() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    Message.Anycast given = anycastOn(one);
    router.receive(
        one,
        new Message.Anycast(
            1, ASKER, TAG + 1, List.of(hop(ONE)), true, false, Bytes.utf8("something else")));
    assertThat(anycastOn(up).tag()).isEqualTo(TAG);
    assertThat(anycastOn(up).question()).isEqualTo(given.question());
  }

  @Test
  void a_question_whose_way_cannot_be_true_goes_nowhere() {
    LinkId one = router.child(ONE, NodeKind.ROUTER);
    List<Message.Anycast> lies =
        List.of(
            question(1),
            question(2, hop(ASKER)),
            question(3, hop(ONE), hop(ASKER)),
            question(4, hop(ByHand.SELF), hop(ONE)),
            question(
                5,
                IntStream.range(0, Position.MAX_WALK)
                    .mapToObj(i -> hop(i == Position.MAX_WALK - 1 ? ONE : new NodeId(500 + i)))
                    .toArray(Message.Hop[]::new)));
    for (Message.Anycast lie : lies) {
      router.receive(one, lie);
      assertThat(goesNowhere()).as("%s", lie.path()).isTrue();
    }
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(lies.size());
  }

  @Test
  void from_a_parent_that_gives_back_what_does_not_end_here_nothing_is_taken() {
    wants(ONE, NodeKind.CLIENT);
    router.receive(up, back(question(1, hop(ASKER)), false));
    assertThat(goesNowhere()).isTrue();
    router.receive(up, back(question(1), false));
    assertThat(goesNowhere()).isTrue();
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(2);
    router.receive(up, back(question(1, hop(ASKER), hop(ByHand.SELF, PARENT)), false));
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(2);
  }

  // Who may say that nobody holds it.

  /// A root that has been one for long, and so knows its subtrees.
  private final ByHand root =
      new ByHand(
          NodeKind.ROOT, TreeConfig.DEFAULT.withTiming(TreeConfig.DEFAULT.timing().ofNewTree()));

  private Completeness rootAsks() {
    root.give(new Event.Ask(1, TAG, Bytes.EMPTY));
    return root.effects.stream()
        .filter(Effect.Answered.class::isInstance)
        .map(answered -> ((Effect.Answered) answered).answer().completeness())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void where_nobody_is_left_to_ask_the_question_is_exhausted() {
    assertThat(rootAsks()).isEqualTo(Completeness.EXHAUSTED);
  }

  @Test
  void a_young_root_does_not_know() {
    ByHand young = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
    young.give(new Event.Ask(1, TAG, Bytes.EMPTY));
    assertThat(young.effects)
        .anySatisfy(effect ->
            assertThat(effect)
                .isInstanceOfSatisfying(
                    Effect.Answered.class,
                    answered ->
                        assertThat(answered.answer().completeness())
                            .isEqualTo(Completeness.UNKNOWN)));
  }

  @Test
  void while_a_child_is_away_that_wanted_the_tag_nobody_knows_and_after_a_grace_period_they_do() {
    LinkId child = root.child(ONE, NodeKind.CLIENT);
    root.receive(child, interest(TAG));
    root.give(new Event.LinkClosed(child, "gone"));
    assertThat(rootAsks()).isEqualTo(Completeness.UNKNOWN);
    root.give(new Event.Ask(2, TAG + (1L << 40), Bytes.EMPTY));
    assertThat(root.effects)
        .as("another tag is in no doubt")
        .anyMatch(effect ->
            effect instanceof Effect.Answered(var answer)
                && answer.completeness() == Completeness.EXHAUSTED);
    root.pass(TreeConfig.DEFAULT.timing().graceNanos());
    root.fire(TreeTimer.HEARTBEAT);
    assertThat(rootAsks()).isEqualTo(Completeness.EXHAUSTED);
  }

  @Test
  void a_client_that_said_that_it_stops_leaves_no_doubt_and_one_that_says_something_else_does() {
    LinkId child = root.child(ONE, NodeKind.CLIENT);
    root.receive(child, interest(TAG));
    root.receive(child, new Message.Disconnect(Message.Disconnect.STOPPED));
    assertThat(rootAsks()).isEqualTo(Completeness.EXHAUSTED);
    LinkId other = root.child(OTHER, NodeKind.CLIENT);
    root.receive(other, interest(TAG));
    root.receive(other, new Message.Disconnect("found another parent"));
    assertThat(rootAsks()).isEqualTo(Completeness.UNKNOWN);
  }

  @Test
  void a_node_without_a_way_to_a_root_does_not_know() {
    router.receive(up, ByHand.beat(List.of()));
    LinkId one = wants(ONE, NodeKind.CLIENT);
    assertThat(router.sentOn(one)).isEmpty();
    router.give(new Event.LinkClosed(up, "gone"));
    router.give(new Event.Ask(1, TAG, Bytes.EMPTY));
    assertThat(ended()).isEqualTo(Completeness.UNKNOWN);
  }

  // Children that do not answer.

  private LinkId silent(ByHand node, NodeId id) {
    LinkId link = node.child(id, NodeKind.CLIENT);
    node.receive(link, interest(TAG));
    node.give(new Event.Ask(99, TAG, Bytes.EMPTY));
    for (int i = 0; i < 5; i++) {
      node.receive(link, ByHand.beat(1, Tags.hashOf(TAG)));
      node.fire(TreeTimer.HEARTBEAT);
    }
    assertThat(node.counted("childrenSilent")).isEqualTo(1);
    return link;
  }

  @Test
  void a_child_that_gives_nothing_back_is_asked_no_more_and_is_a_doubt_for_a_grace_period() {
    LinkId link = silent(root, ONE);
    assertThat(rootAsks()).isEqualTo(Completeness.UNKNOWN);
    assertThat(root.counted("anycastsUnasked")).isEqualTo(1);
    for (int i = 0; i < 12; i++) {
      root.receive(link, ByHand.beat(1, Tags.hashOf(TAG)));
      root.fire(TreeTimer.HEARTBEAT);
    }
    assertThat(rootAsks()).as("it had its time").isEqualTo(Completeness.EXHAUSTED);
  }

  @Test
  void a_probe_is_a_question_to_the_childs_inbox_that_can_only_come_back() {
    LinkId link = root.child(ONE, NodeKind.CLIENT);
    root.receive(link, interest(TAG));
    root.give(new Event.Ask(99, TAG, Bytes.EMPTY));
    root.pass(SECOND);
    root.fire(TreeTimer.HEARTBEAT);
    Message.Anycast probe =
        root.sentOn(link).stream()
            .filter(Message.Anycast.class::isInstance)
            .map(Message.Anycast.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(probe.id()).isNegative();
    assertThat(probe.tag()).isEqualTo(Tags.inbox(ONE));
    assertThat(probe.question().size()).isZero();
    root.receive(link, back(probe, false));
    assertThat(root.effects).as("it is nobody's question").isEmpty();
  }

  @Test
  void whoever_gets_a_probe_gives_it_back_although_it_wants_its_inbox() {
    router.receive(
        up,
        new Message.Anycast(
            -1,
            PARENT,
            Tags.inbox(ByHand.SELF),
            List.of(hop(PARENT, ByHand.SELF)),
            false,
            Bytes.EMPTY));
    assertThat(anycastOn(up).returned()).isTrue();
    assertThat(router.effects).noneMatch(Effect.Question.class::isInstance);
  }

  // Answers.

  private Message.AnycastAnswer answer(NodeId answerer, Completeness how, NodeId... route) {
    Record record =
        new Record(
            new long[] {TAG}, answerer, new Session(1, 1), 1, new long[] {0}, Bytes.utf8("x"));
    return new Message.AnycastAnswer(1, ASKER, TAG, answerer, how, List.of(route), List.of(record));
  }

  @Test
  void an_answer_goes_back_the_way_that_it_names() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    router.receive(one, answer(ONE, Completeness.SETTLED, PARENT, ASKER));
    assertThat(router.sentOn(up)).containsExactly(answer(ONE, Completeness.SETTLED, ASKER));
  }

  @Test
  void a_client_answers_only_what_it_was_asked_and_only_for_itself() {
    LinkId one = wants(ONE, NodeKind.CLIENT);
    LinkId other = wants(OTHER, NodeKind.CLIENT);
    router.receive(up, question(1, hop(ASKER), hop(PARENT, ByHand.SELF)));
    router.receive(other, answer(OTHER, Completeness.SETTLED, PARENT, ASKER));
    assertThat(goesNowhere()).isTrue();
    router.receive(one, answer(OTHER, Completeness.SETTLED, PARENT, ASKER));
    assertThat(goesNowhere()).isTrue();
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(2);
    router.receive(one, answer(ONE, Completeness.PARTIAL, PARENT, ASKER));
    assertThat(goesNowhere()).isFalse();
    router.receive(one, answer(ONE, Completeness.SETTLED, PARENT, ASKER));
    assertThat(goesNowhere()).isFalse();
    router.receive(one, answer(ONE, Completeness.SETTLED, PARENT, ASKER));
    assertThat(goesNowhere()).as("it has ended it").isTrue();
  }

  @Test
  void an_answer_that_ends_at_somebody_else_or_leads_to_nobody_is_dropped() {
    router.receive(up, answer(ONE, Completeness.SETTLED));
    assertThat(router.effects).noneMatch(Effect.Answered.class::isInstance);
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(1);
    router.receive(up, answer(ONE, Completeness.SETTLED, ASKER));
    assertThat(goesNowhere()).isTrue();
    assertThat(router.counted("anycastsLost")).isEqualTo(1);
  }

  @Test
  void on_a_congested_link_the_records_of_an_answer_are_lost_and_that_is_said() {
    LinkId asker = router.child(ASKER, NodeKind.CLIENT);
    router.give(new Event.LinkCongested(asker));
    router.receive(up, answer(ONE, Completeness.SETTLED, ASKER));
    assertThat(router.sentOn(asker))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.AnycastAnswer.class,
            lost -> {
              assertThat(lost.completeness()).isEqualTo(Completeness.LOST);
              assertThat(lost.records()).isEmpty();
            });
    assertThat(router.counted("droppedCongested")).isEqualTo(1);
  }
}
