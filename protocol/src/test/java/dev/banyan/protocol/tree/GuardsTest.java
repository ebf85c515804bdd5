package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
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
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Single rules of docs/protocol.md that seldom decide anything, each in the one situation in which it does. Without the
/// rule its test fails.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GuardsTest {

  private static final NodeId OLD = new NodeId(5);
  private static final NodeId NEW = new NodeId(6);
  private static final NodeId CHILD = new NodeId(9);
  private static final long TAG = Tags.ofKeyHash(77);
  private static final long SECOND = 1_000_000_000L;

  private static Record update(NodeId writer) {
    return new Record(
        new long[] {TAG}, writer, new Session(1, 1), 1, new long[] {0}, Bytes.utf8("x"));
  }

  private static Message.Interest interest(long version, int bits, long[] tags) {
    long hash = LongStream.of(tags).map(Tags::hashOf).reduce(0, (a, b) -> a ^ b);
    return new Message.Interest(version, true, bits, false, tags, new long[0], hash);
  }

  private static long[] tags(int from, int count) {
    return LongStream.range(from, from + count).map(i -> i << 32).toArray();
  }

  // No cycle.

  @Test
  void whoever_awaits_an_answer_of_its_own_refuses_an_attach_that_climbs() {
    ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
    LinkId up = router.attached(OLD);
    LinkId down = router.child(CHILD, NodeKind.ROUTER);
    router.receive(up, ByHand.beat(List.of()));
    assertThat(router.view().rooted()).isFalse();
    router.fire(TreeTimer.GRACE);
    router.assigned(NEW, NodeKind.ROUTER);
    assertThat(router.view().parent()).contains(OLD);

    router.receive(
        down,
        new Message.Attach(
            new NodeId(20), NodeKind.ROUTER, new Address("joiner", 1), 3, 1, 4, 0, List.of(CHILD)));
    assertThat(router.sentOn(up)).as("what climbs on").isEmpty();
    assertThat(router.sentOn(down))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Message.Refused.Reason.NOT_ROOTED));
  }

  @Test
  void whoever_has_no_root_takes_no_child_either() {
    ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
    LinkId up = router.attached(OLD);
    router.receive(up, ByHand.beat(List.of()));
    LinkId down = router.child(CHILD, NodeKind.CLIENT);
    assertThat(router.sentOn(down)).singleElement().isInstanceOf(Message.Refused.class);
    assertThat(router.view().childClients()).isEmpty();
  }

  // Order on a link.

  @Test
  void an_update_does_not_overtake_the_advertisement_of_its_tag() {
    ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    LinkId up = client.attached(OLD);
    client.give(new Event.ChangeInterest(new long[] {TAG}, new long[0]));
    assertThat(client.sentOn(up)).as("the advertisement is gathered").isEmpty();
    client.give(new Event.Publish(List.of(update(ByHand.SELF))));
    assertThat(client.sentOn(up)).hasSize(2);
    assertThat(client.sentOn(up).getFirst()).isInstanceOf(Message.Interest.class);
    assertThat(client.sentOn(up).getLast()).isInstanceOf(Multicast.class);
  }

  @Test
  void a_childs_update_does_not_overtake_the_advertisement_of_its_tag_at_its_parent_either() {
    ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
    LinkId up = router.attached(OLD);
    LinkId down = router.child(CHILD, NodeKind.CLIENT);
    router.receive(down, interest(1, Tags.BITS, new long[] {TAG}));
    assertThat(router.sentOn(up)).as("the advertisement is gathered").isEmpty();
    router.receive(down, Multicast.of(List.of(update(CHILD))));
    assertThat(router.sentOn(up)).hasSize(2);
    assertThat(router.sentOn(up).getFirst()).isInstanceOf(Message.Interest.class);
  }

  // Moves.

  /// A client between two parents, as it waits for its fence.
  private static final class Mover {
    final ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    final LinkId old;
    final LinkId next;
    final Multicast fence;

    Mover() {
      old = client.attached(OLD);
      client.give(new Event.ChangeInterest(new long[] {TAG}, new long[0]));
      client.receive(old, new Message.Cull(1));
      next = client.attached(NEW);
      assertThat(client.view().parent()).contains(NEW);
      fence =
          client.sentOn(next).stream()
              .filter(Multicast.class::isInstance)
              .map(Multicast.class::cast)
              .findFirst()
              .orElseThrow();
      assertThat(Fence.in(fence)).isNotNull();
    }

    boolean missed() {
      return client.effects.stream().anyMatch(Effect.Missed.class::isInstance);
    }

    boolean moved() {
      return client.effects.stream().anyMatch(Effect.Moved.class::isInstance);
    }
  }

  @Test
  void a_fence_that_comes_by_the_old_parent_ends_the_move_and_nothing_was_missed() {
    Mover mover = new Mover();
    mover.client.receive(mover.old, ByHand.beat(ByHand.pathOf(OLD, 1)));
    mover.client.receive(mover.old, mover.fence);
    assertThat(mover.moved()).isTrue();
    assertThat(mover.missed()).isFalse();
    assertThat(mover.client.closed(mover.old)).isEqualTo("moved");
  }

  @Test
  void a_fence_proves_nothing_once_the_old_path_has_broken() {
    Mover mover = new Mover();
    mover.client.receive(mover.old, ByHand.beat(ByHand.pathOf(OLD, 2)));
    mover.client.receive(mover.old, mover.fence);
    assertThat(mover.moved()).isTrue();
    assertThat(mover.missed()).as("updates may have been missed").isTrue();
  }

  @Test
  void a_fence_proves_nothing_once_the_old_parent_has_lost_its_root() {
    Mover mover = new Mover();
    mover.client.receive(mover.old, ByHand.beat(List.of()));
    mover.client.receive(mover.old, mover.fence);
    assertThat(mover.missed()).as("updates may have been missed").isTrue();
  }

  @Test
  void a_fence_counts_only_by_the_old_parent_and_only_if_it_is_this_moves() {
    Mover mover = new Mover();
    mover.client.receive(mover.next, mover.fence);
    assertThat(mover.moved()).isFalse();
    Fence sent = Objects.requireNonNull(Fence.in(mover.fence));
    mover.client.receive(
        mover.old, new Fence(sent.owner(), sent.session(), sent.number() - 1).multicast());
    assertThat(mover.moved()).isFalse();
    mover.client.receive(mover.old, mover.fence);
    assertThat(mover.moved()).isTrue();
  }

  @Test
  void a_question_that_came_down_by_the_old_parent_does_not_go_up_by_the_new_one() {
    Mover mover = new Mover();
    Message.Anycast question =
        new Message.Anycast(
            1,
            new NodeId(50),
            TAG,
            List.of(
                new Message.Hop(new NodeId(50), List.of(OLD)),
                new Message.Hop(OLD, List.of(ByHand.SELF))),
            false,
            Bytes.EMPTY);
    mover.client.receive(mover.old, question);
    Effect.Question asked =
        mover.client.effects.stream()
            .filter(Effect.Question.class::isInstance)
            .map(Effect.Question.class::cast)
            .findFirst()
            .orElseThrow();
    mover.client.give(new Event.Answer(asked.anycast(), Event.Answer.Verdict.GOES_ON, List.of()));
    assertThat(mover.client.sentOn(mover.next)).isEmpty();
    assertThat(mover.client.sentOn(mover.old))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Anycast.class, back -> assertThat(back.returned()).isTrue());
  }

  // Silence.

  @Test
  void what_a_node_slept_through_itself_is_not_held_against_its_neighbours() {
    ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
    LinkId child = root.child(CHILD, NodeKind.CLIENT);
    root.fire(TreeTimer.HEARTBEAT);
    root.fire(TreeTimer.HEARTBEAT, 60 * SECOND);
    assertThat(root.closed(child)).isEmpty();
    String cause = "";
    for (int i = 0; i < 5 && cause.isEmpty(); i++) {
      root.fire(TreeTimer.HEARTBEAT);
      cause = root.closed(child);
    }
    assertThat(cause).isEqualTo("silent for longer than the heartbeat timeout");
  }

  @Test
  void a_congested_link_that_takes_bytes_lives_and_one_that_takes_none_does_not() {
    ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
    LinkId child = root.child(CHILD, NodeKind.CLIENT);
    root.give(new Event.LinkCongested(child));
    assertThat(closedWithin(root, child, 30, new Event.BytesSent(child, 1_000))).isEmpty();
    assertThat(closedWithin(root, child, 30)).startsWith("congested, and has taken nothing");
  }

  private static String closedWithin(ByHand root, LinkId child, int beats, Event... events) {
    for (int i = 0; i < beats; i++) {
      root.receive(child, ByHand.beat(0, 0));
      for (Event event : events) {
        root.give(event);
      }
      root.fire(TreeTimer.HEARTBEAT);
      if (!root.closed(child).isEmpty()) {
        return root.closed(child);
      }
    }
    return "";
  }

  // Shares of interest.

  private static final TreeConfig HUNDRED_TAGS =
      TreeConfig.DEFAULT.withLimits(new TreeConfig.Limits(100, 128, 1_024, 8_192));

  /// A root for a hundred tags, of which its first child has ninety when a second comes that has a right to fifty.
  private static final class Greedy {
    final ByHand root = new ByHand(NodeKind.ROOT, HUNDRED_TAGS);
    final LinkId first;
    final LinkId second;
    String closed = "";

    Greedy(NodeKind kind) {
      first = root.child(CHILD, kind);
      root.receive(first, interest(1, Tags.BITS, tags(0, 90)));
      second = root.child(NEW, NodeKind.CLIENT);
      root.receive(second, interest(1, Tags.BITS, tags(1_000, 50)));
    }

    void beats(int count) {
      for (int i = 0; i < count && closed.isEmpty(); i++) {
        root.receive(first, ByHand.beat(1, 0));
        root.receive(second, ByHand.beat(1, 0));
        root.fire(TreeTimer.HEARTBEAT);
        closed = root.closed(first);
      }
    }
  }

  @Test
  void a_client_that_does_not_give_up_what_it_has_no_right_to_any_more_loses_its_link() {
    Greedy greedy = new Greedy(NodeKind.CLIENT);
    greedy.beats(2);
    assertThat(greedy.closed).as("it has the time of one heartbeat timeout").isEmpty();
    greedy.beats(3);
    assertThat(greedy.closed)
        .isEqualTo(
            "interest in 90 tags, it may have 50:"
                + " raise --max-tags-per-link here and above, or want less");
    assertThat(greedy.root.view().childClients()).as("the other one stays").hasSize(1);
  }

  @Test
  void a_router_has_twice_the_time_as_it_must_tell_its_own() {
    Greedy greedy = new Greedy(NodeKind.ROUTER);
    greedy.beats(5);
    assertThat(greedy.closed).isEmpty();
    greedy.beats(5);
    assertThat(greedy.closed).startsWith("interest in 90 tags, it may have 50");
  }

  @Test
  void who_gives_up_in_time_what_it_has_no_right_to_any_more_stays() {
    Greedy greedy = new Greedy(NodeKind.CLIENT);
    greedy.beats(2);
    greedy.root.receive(greedy.first, interest(2, Tags.BITS, tags(0, 50)));
    greedy.beats(10);
    assertThat(greedy.closed).isEmpty();
    assertThat(greedy.root.view().childClients()).hasSize(2);
  }

  @Test
  void whoever_tells_fewer_bits_apart_than_the_least_loses_its_link() {
    ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
    LinkId child = root.child(CHILD, NodeKind.CLIENT);
    root.receive(child, interest(1, 8, new long[] {0x4000_0000_0000_0000L}));
    String cause = root.closed(child);
    for (int i = 0; i < 6 && cause.isEmpty(); i++) {
      root.receive(child, ByHand.beat(1, 0));
      root.fire(TreeTimer.HEARTBEAT);
      cause = root.closed(child);
    }
    assertThat(cause).isEqualTo("interest in tags cut to 8 bits: the least is 24");
  }
}
