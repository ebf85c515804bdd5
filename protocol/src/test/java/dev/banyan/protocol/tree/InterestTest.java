package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Interest on its way up, and the answers on their way down, at one router between a parent and two children.
@DisplayNameGeneration(ReplaceUnderscores.class)
class InterestTest {

  private static final NodeId ONE = new NodeId(20);
  private static final NodeId OTHER = new NodeId(21);
  private static final long TAG = Tags.ofKeyHash(77);
  private static final long NEXT = TAG ^ 1L << 40;
  private static final long HEARTBEAT = TreeConfig.DEFAULT.timing().heartbeatNanos();

  private final ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
  private final LinkId up = router.attached(new NodeId(5));
  private final LinkId one = router.child(ONE, NodeKind.CLIENT);
  private final LinkId other = router.child(OTHER, NodeKind.CLIENT);

  private static long hash(long... tags) {
    return LongStream.of(tags).map(Tags::hashOf).reduce(0, (a, b) -> a ^ b);
  }

  private static Message.Interest snapshot(long version, long... tags) {
    return new Message.Interest(version, true, Tags.BITS, false, tags, new long[0], hash(tags));
  }

  private static Message.Interest change(long version, long[] added, long[] removed, long hash) {
    return new Message.Interest(version, false, Tags.BITS, false, added, removed, hash);
  }

  private static Message.Wanted wanted(long version, long answers, long... tags) {
    return new Message.Wanted(version, answers, false, false, tags, new long[0], hash(tags));
  }

  private <T extends Message> List<T> sent(LinkId link, Class<T> kind) {
    return router.sentOn(link).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private Message.Interest goesUp() {
    router.fire(TreeTimer.FLUSH);
    List<Message.Interest> sent = sent(up, Message.Interest.class);
    assertThat(sent).hasSize(1);
    return sent.getFirst();
  }

  private void wants(LinkId child, long... tags) {
    router.receive(child, snapshot(1, tags));
  }

  private static Multicast about(long tag) {
    return Multicast.of(
        List.of(
            new Record(
                new long[] {tag}, new NodeId(99), new Session(1, 1), 1, new long[1], Bytes.EMPTY)));
  }

  private List<LinkId> targets(LinkId from, long tag) {
    router.receive(from, about(tag));
    return router.effects.stream()
        .filter(Effect.Forward.class::isInstance)
        .flatMap(forward -> Arrays.stream(((Effect.Forward) forward).links()))
        .toList();
  }

  private boolean isAskedAgain(LinkId child) {
    return !sent(child, Message.Resend.class).isEmpty();
  }

  // Up.

  @Test
  void what_several_children_begin_to_want_goes_up_as_one_change_each_tag_once() {
    wants(one, TAG);
    wants(other, TAG, NEXT);
    Message.Interest change = goesUp();
    assertThat(change.added()).containsExactlyInAnyOrder(TAG, NEXT);
    assertThat(change.change().removed()).isEmpty();
    assertThat(change.snapshot()).isFalse();
  }

  @Test
  void a_tag_goes_when_the_last_that_wanted_it_has_given_it_up() {
    wants(one, TAG);
    wants(other, TAG);
    goesUp();
    router.receive(one, change(2, new long[0], new long[] {TAG}, 0));
    router.fire(TreeTimer.FLUSH);
    assertThat(sent(up, Message.Interest.class)).isEmpty();
    assertThat(targets(up, TAG)).containsExactly(other);
    router.receive(other, change(2, new long[0], new long[] {TAG}, 0));
    assertThat(goesUp().change().removed()).containsExactly(TAG);
    assertThat(targets(up, TAG)).isEmpty();
  }

  @Test
  void a_snapshot_replaces_what_was_wanted_before() {
    wants(one, TAG);
    goesUp();
    router.receive(one, snapshot(2, NEXT));
    Message.Interest change = goesUp();
    assertThat(change.added()).containsExactly(NEXT);
    assertThat(change.change().removed()).containsExactly(TAG);
    assertThat(targets(up, TAG)).isEmpty();
  }

  @Test
  void until_a_long_snapshot_has_ended_what_stood_before_counts_too() {
    wants(one, TAG);
    router.receive(
        one,
        new Message.Interest(
            2, true, Tags.BITS, false, new long[] {NEXT}, new long[0], hash(NEXT, NEXT + 1)));
    assertThat(targets(up, TAG)).containsExactly(one);
    assertThat(targets(up, NEXT)).containsExactly(one);
    router.receive(one, change(3, new long[] {NEXT + 1}, new long[0], hash(NEXT, NEXT + 1)));
    assertThat(targets(up, TAG)).isEmpty();
  }

  @Test
  void what_does_not_follow_what_was_heard_before_is_not_taken_and_all_is_asked_for_again() {
    wants(one, TAG);
    router.receive(one, change(3, new long[] {NEXT}, new long[0], hash(TAG, NEXT)));
    assertThat(isAskedAgain(one)).isTrue();
    assertThat(targets(up, NEXT)).isEmpty();
    router.receive(one, change(3, new long[] {NEXT}, new long[0], hash(TAG, NEXT)));
    assertThat(isAskedAgain(one)).as("once in a quarter of a heartbeat").isFalse();
    router.pass(HEARTBEAT / 4);
    router.receive(one, change(3, new long[] {NEXT}, new long[0], hash(TAG, NEXT)));
    assertThat(isAskedAgain(one)).isTrue();
    assertThat(router.counted("resendsAsked")).isEqualTo(2);
  }

  @Test
  void a_heartbeat_that_says_something_else_was_advertised_makes_it_ask_again() {
    wants(one, TAG);
    router.receive(one, ByHand.beat(1, hash(TAG)));
    assertThat(isAskedAgain(one)).isFalse();
    router.receive(one, ByHand.beat(1, hash(NEXT)));
    assertThat(isAskedAgain(one)).isTrue();
    router.pass(HEARTBEAT);
    router.receive(one, ByHand.beat(2, hash(TAG)));
    assertThat(isAskedAgain(one)).isTrue();
  }

  @Test
  void whoever_wants_everything_gets_everything_but_what_is_for_inboxes() {
    router.receive(
        one,
        new Message.Interest(
            1, true, Tags.BITS, true, new long[0], new long[0], Tags.hashOf(0, true)));
    assertThat(targets(up, NEXT)).containsExactly(one);
    assertThat(targets(up, Tags.inbox(OTHER))).isEmpty();
    router.fire(TreeTimer.FLUSH);
    assertThat(sent(up, Message.Interest.class)).anyMatch(Message.Interest::all);
  }

  @Test
  void more_than_a_client_may_ever_want_costs_its_link() {
    TreeConfig ten = TreeConfig.DEFAULT.withLimits(new TreeConfig.Limits(10, 128, 1_024, 8_192));
    ByHand root = new ByHand(NodeKind.ROOT, ten);
    LinkId child = root.child(ONE, NodeKind.CLIENT);
    root.receive(child, snapshot(1, LongStream.range(0, 10).map(i -> i << 32).toArray()));
    assertThat(root.closed(child)).isEmpty();
    root.receive(child, change(2, new long[] {10L << 32}, new long[0], 0));
    assertThat(root.closed(child)).isNotEmpty();
    assertThat(root.view().childClients()).isEmpty();
    LinkId again = root.stranger(ByHand.hello(ONE, NodeKind.CLIENT));
    root.receive(again, ByHand.attach(ONE, NodeKind.CLIENT, 0, List.of()));
    assertThat(root.sentOn(again))
        .as("it is not taken back at once")
        .singleElement()
        .isInstanceOf(Message.Refused.class);
    root.pass(TreeConfig.DEFAULT.timing().heartbeatTimeoutNanos());
    root.receive(again, ByHand.attach(ONE, NodeKind.CLIENT, 0, List.of()));
    assertThat(root.view().childClients()).hasSize(1);
  }

  // Down.

  @Test
  void a_child_is_answered_when_the_parent_has_answered() {
    wants(one, TAG);
    Message.Interest up1 = goesUp();
    assertThat(sent(one, Message.Wanted.class)).isEmpty();
    router.receive(up, wanted(1, up1.version()));
    router.fire(TreeTimer.FLUSH);
    assertThat(sent(one, Message.Wanted.class))
        .singleElement()
        .satisfies(answer -> {
          assertThat(answer.answers()).isEqualTo(1);
          assertThat(answer.added()).isEmpty();
        });
  }

  @Test
  void a_child_is_told_of_its_own_tags_that_somebody_else_wants_outside_or_beside_it() {
    wants(one, TAG, NEXT);
    wants(other, TAG);
    Message.Interest first = goesUp();
    router.receive(up, wanted(1, first.version(), NEXT));
    router.fire(TreeTimer.FLUSH);
    assertThat(sent(one, Message.Wanted.class).getFirst().added())
        .containsExactlyInAnyOrder(TAG, NEXT);
    assertThat(sent(other, Message.Wanted.class).getFirst().added()).containsExactly(TAG);
    router.receive(other, change(2, new long[0], new long[] {TAG}, 0));
    router.fire(TreeTimer.FLUSH);
    assertThat(sent(one, Message.Wanted.class).getFirst().removed()).containsExactly(TAG);
  }

  @Test
  void an_update_stays_below_once_the_parent_has_said_that_nobody_outside_wants_it() {
    wants(one, TAG);
    Message.Interest first = goesUp();
    assertThat(targets(one, TAG)).as("nothing is known yet").containsExactly(up);
    router.receive(up, wanted(1, first.version()));
    assertThat(targets(one, TAG)).isEmpty();
    assertThat(router.counted("withheldUp")).isEqualTo(1);
    router.receive(up, wanted(2, first.version(), TAG));
    assertThat(targets(one, TAG)).containsExactly(up);
  }

  @Test
  void what_a_former_parent_said_counts_no_more() {
    wants(one, TAG);
    router.receive(up, wanted(1, goesUp().version()));
    assertThat(targets(one, TAG)).isEmpty();
    router.give(new Event.LinkClosed(up, "gone"));
    LinkId next = router.attached(new NodeId(6));
    assertThat(targets(one, TAG)).containsExactly(next);
  }

  @Test
  void answers_that_do_not_follow_each_other_are_not_taken_and_asked_for_again() {
    wants(one, TAG);
    Message.Interest first = goesUp();
    router.receive(up, wanted(3, first.version()));
    assertThat(sent(up, Message.Resend.class)).hasSize(1);
    assertThat(targets(one, TAG)).containsExactly(up);
  }

  @Test
  void a_question_goes_up_as_long_as_the_parent_has_not_answered_for_all_that_is_wanted_now() {
    wants(one, TAG);
    Message.Interest first = goesUp();
    router.receive(up, wanted(1, first.version()));
    wants(other, NEXT);
    router.give(new Event.Ask(1, TAG, Bytes.EMPTY));
    assertThat(sent(one, Message.Anycast.class)).hasSize(1);
    Message.Anycast asked = sent(one, Message.Anycast.class).getFirst();
    router.receive(
        one,
        new Message.Anycast(
            asked.id(), asked.origin(), asked.tag(), asked.path(), true, asked.question()));
    assertThat(sent(up, Message.Anycast.class))
        .as("whoever wants something new outside may hold this one")
        .hasSize(1);
  }

  @Test
  void a_question_does_not_go_up_once_the_parent_has_said_that_nobody_outside_wants_its_tag() {
    wants(one, TAG);
    router.receive(up, wanted(1, goesUp().version()));
    router.give(new Event.Ask(1, TAG, Bytes.EMPTY));
    Message.Anycast asked = sent(one, Message.Anycast.class).getFirst();
    router.receive(
        one,
        new Message.Anycast(
            asked.id(), asked.origin(), asked.tag(), asked.path(), true, asked.question()));
    assertThat(sent(up, Message.Anycast.class)).isEmpty();
    assertThat(router.effects).anyMatch(Effect.Answered.class::isInstance);
  }

  @Test
  void a_client_that_wants_everything_is_given_nothing_that_is_for_anothers_inbox() {
    ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    LinkId parent = client.attached(new NodeId(5));
    client.give(new Event.WantAll(true));
    client.receive(parent, about(TAG));
    assertThat(client.effects).anyMatch(Effect.Deliver.class::isInstance);
    client.receive(parent, about(Tags.inbox(OTHER)));
    assertThat(client.effects).noneMatch(Effect.Deliver.class::isInstance);
    client.receive(parent, about(Tags.inbox(ByHand.SELF)));
    assertThat(client.effects).anyMatch(Effect.Deliver.class::isInstance);
  }

  @Test
  void a_child_that_lost_track_of_the_answers_is_answered_anew() {
    wants(one, TAG);
    router.receive(up, wanted(1, goesUp().version(), TAG));
    router.fire(TreeTimer.FLUSH);
    router.pass(HEARTBEAT);
    router.receive(one, new Message.Resend(0));
    assertThat(sent(one, Message.Wanted.class))
        .singleElement()
        .satisfies(answer -> assertThat(answer.snapshot()).isTrue());
    router.fire(TreeTimer.FLUSH);
    assertThat(sent(one, Message.Wanted.class).getFirst().added()).containsExactly(TAG);
  }
}
