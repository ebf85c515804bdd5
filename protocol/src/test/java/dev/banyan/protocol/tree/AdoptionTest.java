package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.Refused.Reason;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.Position;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Who becomes a child, and who does not: each rule in the one situation in which it decides.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AdoptionTest {

  private static final NodeId PARENT = new NodeId(5);
  private static final NodeId CHILD = new NodeId(9);
  private static final NodeId JOINER = new NodeId(20);
  private static final NodeId BELOW = new NodeId(30);
  private static final long HEARTBEAT = TreeConfig.DEFAULT.timing().heartbeatNanos();

  private final ByHand router = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
  private final LinkId up = router.attached(PARENT);

  private LinkId knocks(NodeId joiner, NodeKind kind) {
    return router.stranger(ByHand.hello(joiner, kind));
  }

  private void isIgnored(LinkId link, Message.Attach attach) {
    long before = router.counted("ignoredUnexpected");
    router.receive(link, attach);
    assertThat(router.effects).as("what comes of it").isEmpty();
    assertThat(router.counted("ignoredUnexpected")).isEqualTo(before + 1);
    assertThat(router.view().childClients()).isEmpty();
    assertThat(router.view().childRouters()).isEmpty();
  }

  private static void isRefused(ByHand node, LinkId link, NodeId joiner, Reason reason) {
    assertThat(node.sentOn(link))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.joiner()).isEqualTo(joiner);
              assertThat(refused.attempt()).isEqualTo(1);
            });
  }

  private List<NodeId> clients() {
    return router.view().childClients().stream().map(NodeView.Child::node).toList();
  }

  @Nested
  class On_the_joiners_own_link {

    @Test
    void nobody_attaches_another_node() {
      LinkId link = knocks(JOINER, NodeKind.CLIENT);
      isIgnored(link, ByHand.attach(CHILD, NodeKind.CLIENT, 0, List.of()));
    }

    @Test
    void nobody_attaches_as_another_kind_of_node_than_it_said_it_is() {
      LinkId link = knocks(JOINER, NodeKind.CLIENT);
      isIgnored(link, ByHand.attach(JOINER, NodeKind.ROUTER, 0, List.of()));
    }

    @Test
    void neither_a_root_nor_an_observer_becomes_a_child() {
      for (NodeKind kind : List.of(NodeKind.ROOT, NodeKind.OBSERVER)) {
        LinkId link = knocks(JOINER, kind);
        isIgnored(link, ByHand.attach(JOINER, kind, 0, List.of()));
      }
    }

    @Test
    void an_attach_that_has_climbed_comes_from_children_alone() {
      LinkId link = knocks(JOINER, NodeKind.ROUTER);
      isIgnored(link, ByHand.attach(BELOW, NodeKind.ROUTER, 1, List.of(JOINER)));
    }

    @Test
    void a_node_on_ones_own_way_to_the_root_is_refused() {
      LinkId link = knocks(ByHand.ROOT, NodeKind.ROUTER);
      router.receive(link, ByHand.attach(ByHand.ROOT, NodeKind.ROUTER, 0, List.of()));
      isRefused(router, link, ByHand.ROOT, Reason.NOT_ROOTED);
      assertThat(router.view().childRouters()).isEmpty();
    }

    @Test
    void a_worker_with_other_settings_than_those_below_is_refused_and_one_with_the_same_is_not() {
      Group first = new Group(77, 3, 1_000);
      LinkId one = router.stranger(hello(CHILD, first));
      router.receive(one, ByHand.attach(CHILD, NodeKind.CLIENT, 0, List.of()));
      LinkId other = router.stranger(hello(JOINER, new Group(77, 2, 1_000)));
      router.receive(other, ByHand.attach(JOINER, NodeKind.CLIENT, 0, List.of()));
      isRefused(router, other, JOINER, Reason.INCOMPATIBLE);
      assertThat(clients()).containsExactly(CHILD);
      LinkId same = router.stranger(hello(BELOW, first));
      router.receive(same, ByHand.attach(BELOW, NodeKind.CLIENT, 0, List.of()));
      assertThat(clients()).containsExactly(CHILD, BELOW);
    }

    private static Message.Hello hello(NodeId id, Group group) {
      return new Message.Hello(
          Message.Hello.VERSION,
          "main",
          id,
          NodeKind.CLIENT,
          id.value(),
          Bytes.EMPTY,
          new Message.Settings(group, 0));
    }

    @Test
    void a_child_that_dials_again_in_the_same_life_takes_its_own_place() {
      LinkId first = router.child(CHILD, NodeKind.CLIENT);
      LinkId second = knocks(CHILD, NodeKind.CLIENT);
      router.receive(second, ByHand.attach(CHILD, NodeKind.CLIENT, 0, List.of()));
      assertThat(router.closed(first)).isEqualTo("attached anew");
      assertThat(router.sentOn(second)).first().isInstanceOf(Message.Attached.class);
      assertThat(clients()).containsExactly(CHILD);
    }

    @Test
    void a_child_in_another_life_takes_its_place_only_once_nothing_was_heard_for_two_heartbeats() {
      LinkId first = router.child(CHILD, NodeKind.CLIENT);
      Message.Hello reborn =
          new Message.Hello(
              Message.Hello.VERSION, "main", CHILD, NodeKind.CLIENT, 4711, Bytes.EMPTY);
      LinkId second = router.stranger(reborn);
      router.pass(2 * HEARTBEAT - 1);
      router.receive(second, ByHand.attach(CHILD, NodeKind.CLIENT, 0, List.of()));
      isRefused(router, second, CHILD, Reason.DUPLICATE_NODE);
      assertThat(router.closed(first)).isEmpty();
      router.pass(1);
      router.receive(second, ByHand.attach(CHILD, NodeKind.CLIENT, 0, List.of()));
      assertThat(router.closed(first)).isEqualTo("attached anew");
      assertThat(router.sentOn(second)).first().isInstanceOf(Message.Attached.class);
    }

    @Test
    void where_all_places_are_taken_the_next_is_refused() {
      int places = TreeConfig.DEFAULT.capacity().clients();
      for (int i = 0; i < places; i++) {
        router.child(new NodeId(1_000 + i), NodeKind.CLIENT);
      }
      LinkId link = router.child(JOINER, NodeKind.CLIENT);
      isRefused(router, link, JOINER, Reason.NO_PLACE);
      assertThat(clients()).hasSize(places).doesNotContain(JOINER);
    }
  }

  /// A joiner has children: the root is asked, so that no circle comes of it.
  @Nested
  class With_a_subtree {

    private final Message.Attach attach = ByHand.attach(JOINER, NodeKind.ROUTER, 3, List.of());
    private final LinkId link = knocks(JOINER, NodeKind.ROUTER);

    private void asks() {
      router.receive(link, attach);
    }

    private Message.Attached yes(long attempt) {
      return new Message.Attached(
          JOINER, attempt, 1, List.of(), List.of(), Message.InterestLimits.UNSAID, 0, 0);
    }

    private List<NodeId> routers() {
      return router.view().childRouters().stream().map(NodeView.Child::node).toList();
    }

    @Test
    void it_waits_for_the_root_and_its_place_is_held() {
      asks();
      assertThat(router.sentOn(link)).isEmpty();
      assertThat(router.sentOn(up))
          .containsExactly(ByHand.attach(JOINER, NodeKind.ROUTER, 3, List.of(ByHand.SELF)));
      assertThat(routers()).isEmpty();
      assertThat(router.view().reservations()).isEqualTo(1);
      router.receive(up, yes(1));
      assertThat(router.sentOn(link)).first().isInstanceOf(Message.Attached.class);
      assertThat(routers()).containsExactly(JOINER);
      assertThat(router.view().reservations()).isZero();
    }

    @Test
    void while_it_waits_its_attach_goes_up_once() {
      asks();
      isIgnored(link, attach);
      assertThat(router.view().reservations()).isEqualTo(1);
    }

    @Test
    void an_answer_to_another_attempt_or_about_another_joiner_changes_nothing() {
      asks();
      router.receive(up, yes(2));
      assertThat(router.sentOn(link)).isEmpty();
      assertThat(routers()).isEmpty();
      assertThat(router.counted("ignoredUnexpected")).isEqualTo(1);
      router.receive(up, new Message.Refused(CHILD, 1, Reason.NOT_ROOTED, "no", List.of()));
      assertThat(router.sentOn(link)).isEmpty();
      assertThat(router.view().reservations()).isEqualTo(1);
      router.receive(up, yes(1));
      assertThat(routers()).containsExactly(JOINER);
    }

    @Test
    void whoever_has_left_meanwhile_is_no_child_and_no_place_is_held_for_it() {
      asks();
      router.give(new Event.LinkClosed(link, "gone"));
      assertThat(router.view().reservations()).isZero();
      router.receive(up, yes(1));
      assertThat(routers()).isEmpty();
      assertThat(router.effects).isEmpty();
    }

    @Test
    void a_no_from_above_is_passed_on_with_its_reason_and_the_place_is_free() {
      asks();
      router.receive(up, new Message.Refused(JOINER, 1, Reason.NOT_ROOTED, "a circle", List.of()));
      isRefused(router, link, JOINER, Reason.NOT_ROOTED);
      assertThat(router.view().reservations()).isZero();
      assertThat(routers()).isEmpty();
    }

    @Test
    void a_yes_that_comes_when_the_way_to_the_root_is_lost_is_a_no() {
      asks();
      router.receive(up, ByHand.beat(List.of()));
      router.receive(up, yes(1));
      isRefused(router, link, JOINER, Reason.NOT_ROOTED);
      assertThat(router.view().reservations()).isZero();
      assertThat(routers()).isEmpty();
    }

    @Test
    void a_root_takes_it_at_once() {
      ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
      LinkId own = root.stranger(ByHand.hello(JOINER, NodeKind.ROUTER));
      root.receive(own, attach);
      assertThat(root.sentOn(own)).first().isInstanceOf(Message.Attached.class);
      assertThat(root.view().childRouters()).hasSize(1);
    }
  }

  @Nested
  class On_its_way_up_and_down {

    private final LinkId down = router.child(CHILD, NodeKind.ROUTER);

    private Message.Attach climbing(NodeId joiner, NodeId... climbed) {
      return ByHand.attach(joiner, NodeKind.ROUTER, 3, List.of(climbed));
    }

    @Test
    void an_attach_climbs_on_with_everybody_it_has_passed() {
      router.receive(down, climbing(JOINER, BELOW, CHILD));
      assertThat(router.sentOn(up)).containsExactly(climbing(JOINER, BELOW, CHILD, ByHand.SELF));
      assertThat(router.sentOn(down)).isEmpty();
    }

    @Test
    void a_child_passes_on_only_what_has_passed_itself() {
      router.receive(down, climbing(JOINER, CHILD, BELOW));
      assertThat(router.sentOn(up)).isEmpty();
      assertThat(router.sentOn(down)).isEmpty();
      assertThat(router.counted("ignoredUnexpected")).isEqualTo(1);
    }

    @Test
    void an_attach_that_has_climbed_further_than_a_tree_is_deep_climbs_no_more() {
      for (int climbed : List.of(Position.MAX_DEPTH, Position.MAX_DEPTH - 1)) {
        router.receive(
            down, climbing(JOINER, Collections.nCopies(climbed, CHILD).toArray(new NodeId[0])));
        assertThat(router.sentOn(up)).hasSize(climbed < Position.MAX_DEPTH ? 1 : 0);
      }
    }

    @Test
    void whoever_is_the_joiner_refuses_it() {
      router.receive(down, climbing(ByHand.SELF, BELOW, CHILD));
      isRefused(router, down, ByHand.SELF, Reason.NOT_ROOTED);
      assertThat(router.sentOn(up)).isEmpty();
      assertThat(((Message.Refused) router.sentOn(down).getFirst()).route()).containsExactly(BELOW);
    }

    @Test
    void whoever_has_no_parent_refuses_it() {
      router.give(new Event.LinkClosed(up, "gone"));
      router.receive(down, climbing(JOINER, BELOW, CHILD));
      isRefused(router, down, JOINER, Reason.NOT_ROOTED);
    }

    @Test
    void the_root_says_yes_to_the_child_it_came_from_with_the_way_from_there() {
      ByHand root = new ByHand(NodeKind.ROOT, TreeConfig.DEFAULT);
      LinkId child = root.child(CHILD, NodeKind.ROUTER);
      root.receive(child, climbing(JOINER, BELOW, PARENT, CHILD));
      assertThat(root.sentOn(child))
          .singleElement()
          .isInstanceOfSatisfying(
              Message.Attached.class,
              yes -> {
                assertThat(yes.joiner()).isEqualTo(JOINER);
                assertThat(yes.attempt()).isEqualTo(1);
                assertThat(yes.route()).containsExactly(PARENT, BELOW);
              });
      assertThat(root.view().reservations()).isZero();
    }

    @Test
    void an_answer_goes_down_to_the_next_of_its_way_with_the_rest_of_it() {
      router.receive(up, yes(CHILD, BELOW));
      assertThat(router.sentOn(down)).containsExactly(yes(BELOW));
      router.receive(up, no(CHILD, BELOW));
      assertThat(router.sentOn(down)).containsExactly(no(BELOW));
    }

    @Test
    void an_answer_whose_way_leads_to_nobody_here_goes_nowhere() {
      for (Message answer : List.of(yes(BELOW, CHILD), no(BELOW))) {
        long before = router.counted("ignoredUnexpected");
        router.receive(up, answer);
        assertThat(router.sentOn(down)).isEmpty();
        assertThat(router.counted("ignoredUnexpected")).isEqualTo(before + 1);
      }
    }

    private Message yes(NodeId... route) {
      return new Message.Attached(
          JOINER, 1, 1, List.of(route), List.of(), Message.InterestLimits.UNSAID, 0, 0);
    }

    private Message no(NodeId... route) {
      return new Message.Refused(JOINER, 1, Reason.NOT_ROOTED, "no", List.of(route));
    }
  }
}
