package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Fence;
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

/// Where one multicast goes from one router, and what is said of one that does not.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForwardingTest {

  private static final NodeId PARENT = new NodeId(5);
  private static final NodeId ONE = new NodeId(20);
  private static final NodeId OTHER = new NodeId(21);
  private static final long TAG = Tags.ofKeyHash(77);
  private static final long UNWANTED = TAG ^ 1L << 40;

  /// Unwanted too; a record names its tags in ascending order.
  private static final long LESS = TAG - 1;

  private static final int MOST_HOPS = TreeConfig.DEFAULT.limits().maxHops();

  private final ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
  private final LinkId up = router.attached(PARENT);
  private final LinkId one = wants(ONE, TAG);
  private final LinkId other = wants(OTHER);

  private LinkId wants(NodeId id, long... tags) {
    LinkId link = router.child(id, NodeKind.CLIENT);
    long hash = LongStream.of(tags).map(Tags::hashOf).reduce(0, (a, b) -> a ^ b);
    router.receive(link, new Message.Interest(1, true, Tags.BITS, false, tags, new long[0], hash));
    router.fire(TreeTimer.FLUSH);
    return link;
  }

  private static Multicast multicast(int hops, long... tags) {
    return new Multicast.Plain(
        hops,
        List.of(
            new Record(
                tags,
                new NodeId(99),
                new Session(1, 1),
                1,
                new long[tags.length],
                Bytes.utf8("x"))));
  }

  private List<LinkId> targets() {
    return router.effects.stream()
        .filter(Effect.Forward.class::isInstance)
        .flatMap(forward -> Arrays.stream(((Effect.Forward) forward).links()))
        .toList();
  }

  private void congest(LinkId link) {
    router.give(new Event.LinkCongested(link));
  }

  /// The tags of the one mark that was sent there.
  private long[] marksOn(LinkId link) {
    List<Message> sent = router.sentOn(link);
    assertThat(sent).singleElement().isInstanceOf(Message.Gap.class);
    return ((Message.Gap) sent.getFirst()).tags();
  }

  private static Message.Gap gap(int hops, long... tags) {
    return new Message.Gap(hops, tags);
  }

  @Test
  void down_it_goes_to_those_who_want_it_and_from_below_up_too_and_never_back() {
    router.receive(up, multicast(0, TAG));
    assertThat(targets()).containsExactly(one);
    router.receive(other, multicast(0, TAG));
    assertThat(targets()).containsExactly(one, up);
    router.receive(one, multicast(0, TAG));
    assertThat(targets()).containsExactly(up);
  }

  @Test
  void a_multicast_with_several_tags_goes_to_whoever_wants_one_of_them() {
    router.receive(up, multicast(0, LESS, TAG));
    assertThat(targets()).containsExactly(one);
  }

  @Test
  void one_without_tags_is_for_everybody() {
    router.receive(up, multicast(0));
    assertThat(targets()).containsExactly(one, other);
    assertThat(router.effects).anyMatch(Effect.Deliver.class::isInstance);
  }

  @Test
  void what_nobody_here_wants_is_counted_as_unwanted() {
    router.receive(up, multicast(0, UNWANTED));
    assertThat(targets()).isEmpty();
    assertThat(router.counted("unwantedIn")).isEqualTo(1);
    router.receive(up, multicast(0, TAG));
    assertThat(router.counted("unwantedIn")).isEqualTo(1);
    assertThat(router.counted("multicastsIn")).isEqualTo(2);
    assertThat(router.counted("multicastsOut")).isEqualTo(1);
  }

  @Test
  void it_crosses_so_many_links_and_no_more() {
    router.receive(up, multicast(MOST_HOPS - 1, TAG));
    assertThat(targets()).containsExactly(one);
    router.receive(up, multicast(MOST_HOPS, TAG));
    assertThat(targets()).isEmpty();
    assertThat(router.counted("hopLimit")).isEqualTo(1);
  }

  @Test
  void without_a_parent_what_should_go_up_is_counted_and_the_rest_goes_its_way() {
    router.give(new Event.LinkClosed(up, "gone"));
    router.receive(other, multicast(0, TAG));
    assertThat(targets()).containsExactly(one);
    assertThat(router.counted("unsentUp")).isEqualTo(1);
  }

  // Congestion.

  @Test
  void
      what_a_congested_link_does_not_get_is_marked_when_it_has_drained_before_all_that_comes_then() {
    congest(one);
    router.receive(up, multicast(0, LESS, TAG));
    assertThat(targets()).isEmpty();
    assertThat(router.counted("droppedCongested")).isEqualTo(1);
    assertThat(router.counted("unwantedIn")).isZero();
    router.give(new Event.LinkDrained(one));
    assertThat(marksOn(one)).containsExactly(TAG);
    assertThat(router.reported()).contains(Effect.Report.Kind.GAP_SENT);
    router.receive(up, multicast(0, TAG));
    assertThat(targets()).containsExactly(one);
    router.give(new Event.LinkDrained(one));
    assertThat(router.sentOn(one)).as("it is said once").isEmpty();
  }

  @Test
  void to_the_parent_every_tag_is_marked_as_it_has_not_said_what_it_wants() {
    congest(up);
    router.receive(one, multicast(0, LESS, TAG));
    router.give(new Event.LinkDrained(up));
    assertThat(router.sentOn(up))
        .filteredOn(Message.Gap.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Gap.class, gap -> assertThat(gap.tags()).containsExactlyInAnyOrder(TAG, LESS));
  }

  @Test
  void a_multicast_without_tags_that_was_dropped_may_have_been_about_anything() {
    congest(one);
    router.receive(up, multicast(0));
    router.give(new Event.LinkDrained(one));
    assertThat(router.sentOn(one))
        .singleElement()
        .isInstanceOfSatisfying(Message.Gap.class, gap -> assertThat(gap.all()).isTrue());
  }

  @Test
  void a_mark_on_its_way_to_a_congested_link_waits_as_if_what_it_is_about_had_been_dropped_there() {
    congest(one);
    router.receive(up, gap(3, TAG));
    assertThat(router.sentOn(one)).isEmpty();
    router.give(new Event.LinkDrained(one));
    assertThat(router.sentOn(one)).singleElement().isInstanceOf(Message.Gap.class);
  }

  // Marks.

  @Test
  void a_mark_goes_to_whoever_wants_one_of_its_tags_with_those_alone() {
    router.receive(up, gap(0, LESS, TAG));
    assertThat(marksOn(one)).containsExactly(TAG);
    assertThat(((Message.Gap) router.sentOn(one).getFirst()).hops()).isEqualTo(1);
    assertThat(router.sentOn(other)).isEmpty();
    assertThat(router.sentOn(up)).isEmpty();
    router.receive(other, gap(0, TAG));
    assertThat(marksOn(one)).containsExactly(TAG);
    assertThat(marksOn(up)).containsExactly(TAG);
    assertThat(router.sentOn(other)).isEmpty();
  }

  @Test
  void a_mark_of_anything_goes_to_everybody() {
    router.receive(up, gap(0));
    assertThat(marksOn(one)).isEmpty();
    assertThat(marksOn(other)).isEmpty();
  }

  @Test
  void a_mark_crosses_as_many_links_as_a_multicast() {
    router.receive(up, gap(MOST_HOPS - 1, TAG));
    assertThat(router.sentOn(one)).hasSize(1);
    router.receive(up, gap(MOST_HOPS, TAG));
    assertThat(router.sentOn(one)).isEmpty();
    assertThat(router.counted("hopLimit")).isEqualTo(1);
  }

  @Test
  void whoever_wants_what_was_dropped_is_told_that_it_missed_it() {
    ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    LinkId parent = client.attached(PARENT);
    client.give(new Event.ChangeInterest(new long[] {TAG}, new long[0]));
    client.receive(parent, gap(0, UNWANTED));
    assertThat(client.effects).noneMatch(Effect.Missed.class::isInstance);
    client.receive(parent, gap(0, LESS, TAG));
    assertThat(client.effects)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Missed.class,
            missed -> {
              assertThat(missed.tags()).containsExactly(TAG);
              assertThat(missed.cause()).isEqualTo(Effect.Missed.Cause.GAP);
            });
    client.receive(parent, gap(0));
    assertThat(client.effects)
        .singleElement()
        .isInstanceOfSatisfying(Effect.Missed.class, missed -> assertThat(missed.tags()).isEmpty());
  }

  /// Marks from a child beyond its budget.
  private int marksUntilOneIsHeld() {
    for (int i = 1; i <= 100; i++) {
      router.receive(other, gap(0));
      if (router.sentOn(one).isEmpty()) {
        return i;
      }
    }
    throw new AssertionError("the budget is too large");
  }

  @Test
  void marks_beyond_the_budget_are_gathered_and_go_as_one_with_the_next_heartbeat() {
    assertThat(marksUntilOneIsHeld()).as("each of anything counts for 64 of 1,024").isEqualTo(17);
    router.receive(other, gap(0, TAG));
    assertThat(router.sentOn(one)).as("they keep their order").isEmpty();
    assertThat(router.counted("overBudget")).isEqualTo(2);
    router.receive(other, ByHand.beat(1, 0));
    router.fire(TreeTimer.HEARTBEAT);
    assertThat(router.sentOn(one)).filteredOn(Message.Gap.class::isInstance).hasSize(1);
  }

  @Test
  void a_fence_does_not_overtake_marks_that_are_held() {
    marksUntilOneIsHeld();
    Fence fence = new Fence(OTHER, new Session(0, OTHER.value()), 1);
    router.receive(other, fence.multicast());
    assertThat(targets()).isEmpty();
    assertThat(router.counted("overBudget")).isEqualTo(2);
    router.pass(10_000_000_000L);
    router.receive(other, fence.multicast());
    assertThat(router.sentOn(one)).as("now there is budget, and they go first").hasSize(1);
    assertThat(targets()).contains(up);
  }

  @Test
  void a_fence_goes_on_even_where_multicasts_are_dropped_and_after_the_marks_of_those() {
    congest(up);
    router.receive(one, multicast(0, TAG));
    Fence fence = new Fence(OTHER, new Session(0, OTHER.value()), 1);
    router.receive(other, fence.multicast());
    List<Message> sent = router.sentOn(up);
    assertThat(sent).hasSizeGreaterThanOrEqualTo(2);
    assertThat(sent.getLast()).isInstanceOf(Multicast.class);
    assertThat(sent).anyMatch(Message.Gap.class::isInstance);
  }

  @Test
  void a_fence_crosses_as_many_links_as_a_multicast() {
    Fence fence = new Fence(OTHER, new Session(0, OTHER.value()), 1);
    Multicast far = new Multicast.Plain(MOST_HOPS, fence.multicast().records());
    router.receive(other, far);
    assertThat(targets()).isEmpty();
    assertThat(router.counted("hopLimit")).isEqualTo(1);
  }
}
