package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Message.Refused.Reason;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The search for a parent, step by step.
@DisplayNameGeneration(ReplaceUnderscores.class)
class JoiningTest {

  private static final TreeConfig.Timing TIMING = TreeConfig.DEFAULT.timing();
  private static final NodeId PARENT = new NodeId(5);
  private static final NodeId OTHER = new NodeId(6);
  private static final NodeId SECOND_ROOT = new NodeId(101);

  private static LinkId onlyDialled(ByHand node) {
    assertThat(node.dialled()).hasSize(1);
    return node.dialled().getFirst().link();
  }

  private static Message.JoinRequest requestOn(ByHand node, LinkId link) {
    return node.sentOn(link).stream()
        .filter(Message.JoinRequest.class::isInstance)
        .map(Message.JoinRequest.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no request in " + node.effects));
  }

  /// The root is called, and says hello.
  private static LinkId called(ByHand node) {
    node.fire(TreeTimer.JOIN);
    if (node.dialled().isEmpty()) {
      node.fire(
          TreeTimer.JOIN); // It had been set for an earlier wait, and is set for the rest of this.
    }
    LinkId call = onlyDialled(node);
    node.give(new Event.LinkOpened(call));
    return call;
  }

  private static void greets(ByHand node, LinkId call, NodeId root) {
    node.receive(call, ByHand.hello(root, NodeKind.ROOT));
  }

  private static Message.AssignParent assign(NodeId joiner, long attempt, NodeId parent) {
    return new Message.AssignParent(joiner, attempt, parent, ByHand.addressOf(parent), List.of());
  }

  private static Message.Attached attached(long attempt, List<Message.PathEntry> path) {
    return new Message.Attached(
        ByHand.SELF, attempt, 1, List.of(), path, Message.InterestLimits.UNSAID, 0, 0);
  }

  @Nested
  class One_root {
    private final ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    private final LinkId call = called(client);

    private Message.JoinRequest first() {
      return requestOn(client, call);
    }

    /// The next request, and the attempt it is.
    private Message.JoinRequest next() {
      LinkId again = called(client);
      Message.JoinRequest request = requestOn(client, again);
      greets(client, again, ByHand.ROOT);
      return request;
    }

    private LinkId assigned() {
      greets(client, call, ByHand.ROOT);
      client.receive(call, assign(ByHand.SELF, 1, PARENT));
      LinkId candidate = onlyDialled(client);
      client.give(new Event.LinkOpened(candidate));
      return candidate;
    }

    @Test
    void where_only_one_root_is_called_the_request_goes_along_with_the_hello() {
      assertThat(client.sentOn(call)).hasSize(2).first().isInstanceOf(Message.Hello.class);
      assertThat(first().attempt()).isEqualTo(1);
      assertThat(first().hasParent()).isFalse();
      assertThat(first().again()).isFalse();
      greets(client, call, ByHand.ROOT);
      assertThat(client.sentOn(call)).as("it is not asked twice").isEmpty();
    }

    @Test
    void an_answer_counts_only_for_this_joiner_and_this_attempt_and_never_names_itself() {
      greets(client, call, ByHand.ROOT);
      client.receive(call, assign(OTHER, 1, PARENT));
      assertThat(client.dialled()).isEmpty();
      client.receive(call, assign(ByHand.SELF, 2, PARENT));
      assertThat(client.dialled()).isEmpty();
      client.receive(call, assign(ByHand.SELF, 1, ByHand.SELF));
      assertThat(client.dialled()).isEmpty();
      client.receive(call, assign(ByHand.SELF, 1, PARENT));
      assertThat(client.dialled()).hasSize(1);
    }

    @Test
    void of_two_answers_the_later_one_wins_and_the_first_parent_is_left() {
      LinkId first = assigned();
      client.receive(call, assign(ByHand.SELF, 1, OTHER));
      assertThat(client.closed(first)).isNotEmpty();
      assertThat(client.dialled()).hasSize(1);
      assertThat(client.dialled().getFirst().address()).isEqualTo(ByHand.addressOf(OTHER));
    }

    @Test
    void a_root_that_takes_the_joiner_itself_is_not_dialled_again() {
      greets(client, call, ByHand.ROOT);
      client.receive(call, assign(ByHand.SELF, 1, ByHand.ROOT));
      assertThat(client.dialled()).isEmpty();
      assertThat(client.sentOn(call)).singleElement().isInstanceOf(Message.Attach.class);
      client.receive(call, attached(1, List.of(new Message.PathEntry(ByHand.ROOT, 0))));
      assertThat(client.view().parent()).contains(ByHand.ROOT);
    }

    @Test
    void what_calls_itself_a_root_and_is_none_is_not_asked() {
      client.receive(call, ByHand.hello(OTHER, NodeKind.ROUTER));
      assertThat(client.reported()).contains(Effect.Report.Kind.JOIN_FAILED);
      assertThat(client.closed(call)).isNotEmpty();
    }

    @Test
    void a_yes_to_another_attempt_is_none() {
      LinkId candidate = assigned();
      client.receive(candidate, ByHand.hello(PARENT, NodeKind.ROUTER));
      client.receive(candidate, attached(2, ByHand.pathOf(PARENT, 1)));
      assertThat(client.view().parent()).isEmpty();
      client.receive(candidate, attached(1, ByHand.pathOf(PARENT, 1)));
      assertThat(client.view().parent()).contains(PARENT);
    }

    @Test
    void a_parent_whose_path_runs_through_the_joiner_is_left_before_it_begins() {
      LinkId candidate = assigned();
      client.receive(candidate, ByHand.hello(PARENT, NodeKind.ROUTER));
      client.receive(candidate, attached(1, ByHand.pathOf(ByHand.SELF, 1)));
      assertThat(client.view().parent()).isEmpty();
      assertThat(client.reported()).contains(Effect.Report.Kind.CYCLE_LEFT);
      assertThat(next().failed()).containsExactly(PARENT);
    }

    @Test
    void the_next_request_names_the_parents_that_failed_and_says_once_that_it_asks_again() {
      LinkId candidate = assigned();
      client.receive(candidate, ByHand.hello(PARENT, NodeKind.ROUTER));
      client.receive(
          candidate, new Message.Refused(ByHand.SELF, 1, Reason.NO_PLACE, "taken", List.of()));
      assertThat(client.closed(candidate)).isNotEmpty();
      Message.JoinRequest second = next();
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.failed()).containsExactly(PARENT);
      assertThat(second.again()).isTrue();
    }

    @Test
    void a_parent_that_cannot_be_dialled_has_failed_too() {
      greets(client, call, ByHand.ROOT);
      client.receive(call, assign(ByHand.SELF, 1, PARENT));
      client.give(new Event.LinkClosed(onlyDialled(client), "refused"));
      assertThat(client.reported()).contains(Effect.Report.Kind.JOIN_FAILED);
      assertThat(next().failed()).containsExactly(PARENT);
    }

    @Test
    void a_parent_that_does_not_answer_in_time_has_failed_too() {
      LinkId candidate = assigned();
      client.fire(TreeTimer.JOIN);
      assertThat(client.closed(candidate)).isNotEmpty();
      assertThat(next().failed()).containsExactly(PARENT);
    }

    @Test
    void a_root_that_took_the_request_and_did_not_answer_is_asked_again_and_told_so() {
      greets(client, call, ByHand.ROOT);
      client.fire(TreeTimer.JOIN);
      assertThat(client.reported()).contains(Effect.Report.Kind.JOIN_FAILED);
      Message.JoinRequest second = next();
      assertThat(second.again()).isTrue();
      assertThat(second.failed()).isEmpty();
    }

    @Test
    void a_root_that_never_answered_the_call_was_not_asked_in_vain() {
      client.fire(TreeTimer.JOIN);
      assertThat(next().again()).isFalse();
    }

    @Test
    void a_full_tree_is_asked_again() {
      greets(client, call, ByHand.ROOT);
      client.receive(
          call, new Message.Refused(ByHand.SELF, 1, Reason.TREE_FULL, "full", List.of()));
      assertThat(client.reported()).contains(Effect.Report.Kind.JOIN_REFUSED);
      assertThat(next().attempt()).isEqualTo(2);
    }

    @Test
    void a_refusal_of_another_attempt_says_nothing() {
      greets(client, call, ByHand.ROOT);
      client.receive(
          call, new Message.Refused(ByHand.SELF, 7, Reason.TREE_FULL, "full", List.of()));
      assertThat(client.reported()).isEmpty();
      client.receive(call, assign(ByHand.SELF, 1, PARENT));
      assertThat(client.dialled()).as("the answer is still waited for").hasSize(1);
    }

    @Test
    void who_cannot_be_in_this_tree_asks_again_no_sooner_than_half_a_heartbeat() {
      greets(client, call, ByHand.ROOT);
      client.receive(
          call, new Message.Refused(ByHand.SELF, 1, Reason.INCOMPATIBLE, "no", List.of()));
      long refusedAt = client.nowNanos();
      called(client);
      assertThat(client.nowNanos() - refusedAt)
          .isBetween(TIMING.heartbeatNanos() / 2, 3 * TIMING.heartbeatNanos() / 2);
    }

    @Test
    void each_failure_doubles_the_wait_up_to_the_longest() {
      LinkId next = call;
      for (int failures = 0; failures < 12; failures++) {
        client.give(new Event.LinkClosed(next, "refused"));
        long failedAt = client.nowNanos();
        long wait = Math.min(TIMING.backoffMinNanos() << failures, TIMING.backoffMaxNanos());
        next = called(client);
        assertThat(client.nowNanos() - failedAt).isBetween(wait / 2, 3 * wait / 2);
      }
    }
  }

  @Nested
  class Several_roots {
    private final ByHand client =
        new ByHand(
            NodeKind.CLIENT,
            TreeConfig.DEFAULT,
            List.of(ByHand.addressOf(ByHand.ROOT), ByHand.addressOf(SECOND_ROOT)));

    private Address dialledAt() {
      assertThat(client.dialled()).hasSize(1);
      return client.dialled().getFirst().address();
    }

    @Test
    void the_next_is_called_beside_the_first_after_a_quarter_of_the_join_timeout() {
      client.fire(TreeTimer.JOIN);
      assertThat(dialledAt()).isEqualTo(ByHand.addressOf(ByHand.ROOT));
      LinkId first = onlyDialled(client);
      long calledAt = client.nowNanos();
      client.fire(TreeTimer.CALL);
      assertThat(client.nowNanos() - calledAt).isEqualTo(TIMING.joinTimeoutNanos() / 4);
      assertThat(dialledAt()).isEqualTo(ByHand.addressOf(SECOND_ROOT));
      assertThat(client.closed(first)).as("the first one may still answer").isEmpty();
    }

    @Test
    void the_first_to_say_hello_is_asked_and_the_other_call_ends() {
      client.fire(TreeTimer.JOIN);
      LinkId first = onlyDialled(client);
      client.fire(TreeTimer.CALL);
      LinkId second = onlyDialled(client);
      client.give(new Event.LinkOpened(second));
      assertThat(client.sentOn(second)).as("nobody is asked yet").hasSize(1);
      greets(client, second, SECOND_ROOT);
      assertThat(requestOn(client, second).attempt()).isEqualTo(1);
      assertThat(client.closed(first)).isEqualTo("no longer needed");
    }

    @Test
    void where_the_first_was_asked_already_and_the_second_answers_only_the_second_counts() {
      client.fire(TreeTimer.JOIN);
      LinkId first = onlyDialled(client);
      client.give(new Event.LinkOpened(first));
      assertThat(requestOn(client, first).attempt()).isEqualTo(1);
      client.fire(TreeTimer.CALL);
      LinkId second = onlyDialled(client);
      client.give(new Event.LinkOpened(second));
      greets(client, second, SECOND_ROOT);
      assertThat(requestOn(client, second).attempt()).isEqualTo(2);
      client.receive(second, assign(ByHand.SELF, 1, PARENT));
      assertThat(client.dialled()).isEmpty();
      client.receive(second, assign(ByHand.SELF, 2, PARENT));
      assertThat(client.dialled()).hasSize(1);
    }

    @Test
    void when_a_call_fails_the_next_is_called_at_once_and_when_all_have_failed_it_waits() {
      client.fire(TreeTimer.JOIN);
      client.give(new Event.LinkClosed(onlyDialled(client), "refused"));
      assertThat(dialledAt()).isEqualTo(ByHand.addressOf(SECOND_ROOT));
      assertThat(client.reported()).isEmpty();
      client.give(new Event.LinkClosed(onlyDialled(client), "refused"));
      assertThat(client.dialled()).isEmpty();
      assertThat(client.reported()).contains(Effect.Report.Kind.JOIN_FAILED);
      client.fire(TreeTimer.JOIN);
      assertThat(client.dialled()).hasSize(1);
    }

    @Test
    void the_one_that_answered_last_is_called_first_and_one_that_is_no_root_last() {
      client.fire(TreeTimer.JOIN);
      client.give(new Event.LinkClosed(onlyDialled(client), "refused"));
      LinkId second = onlyDialled(client);
      client.give(new Event.LinkOpened(second));
      greets(client, second, SECOND_ROOT);
      client.receive(
          second, new Message.Refused(ByHand.SELF, 1, Reason.TREE_FULL, "full", List.of()));
      client.fire(TreeTimer.JOIN);
      assertThat(dialledAt()).isEqualTo(ByHand.addressOf(SECOND_ROOT));
      LinkId again = onlyDialled(client);
      client.give(new Event.LinkOpened(again));
      greets(client, again, SECOND_ROOT);
      client.receive(
          again, new Message.Refused(ByHand.SELF, 2, Reason.NOT_ROOT, "ask a root", List.of()));
      client.fire(TreeTimer.JOIN);
      assertThat(dialledAt()).isEqualTo(ByHand.addressOf(ByHand.ROOT));
    }

    @Test
    void a_root_that_was_asked_and_is_gone_is_not_called_first_again() {
      client.fire(TreeTimer.JOIN);
      LinkId first = onlyDialled(client);
      client.give(new Event.LinkOpened(first));
      greets(client, first, ByHand.ROOT);
      client.give(new Event.LinkClosed(first, "gone"));
      assertThat(client.reported()).contains(Effect.Report.Kind.JOIN_FAILED);
      client.fire(TreeTimer.JOIN);
      assertThat(dialledAt()).isEqualTo(ByHand.addressOf(SECOND_ROOT));
    }
  }

  @Nested
  class With_a_parent {
    private final ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    private final LinkId up = client.attached(PARENT);

    @Test
    void a_move_is_given_up_after_the_third_failure_and_the_parent_kept() {
      client.receive(up, new Message.Cull(1));
      assertThat(client.reported()).contains(Effect.Report.Kind.MOVE_STARTED);
      for (int i = 0; i < 3; i++) {
        client.fire(TreeTimer.JOIN);
        assertThat(client.dialled()).hasSize(1);
        client.give(new Event.LinkClosed(onlyDialled(client), "refused"));
      }
      client.receive(up, new Message.Cull(1));
      assertThat(client.reported())
          .as("nothing is under way any more")
          .contains(Effect.Report.Kind.MOVE_STARTED);
      assertThat(client.view().parent()).contains(PARENT);
    }

    @Test
    void a_second_order_to_move_changes_nothing_while_the_first_is_under_way() {
      client.receive(up, new Message.Cull(1));
      client.receive(up, new Message.Cull(1));
      assertThat(client.reported()).isEmpty();
    }

    @Test
    void whoever_asks_is_told_the_place_it_has_and_stays() {
      client.receive(up, new Message.Cull(1));
      LinkId call = called(client);
      greets(client, call, ByHand.ROOT);
      client.receive(call, assign(ByHand.SELF, 2, PARENT));
      assertThat(client.dialled()).isEmpty();
      assertThat(client.closed(call)).isEqualTo("no longer needed");
      client.receive(up, new Message.Cull(1));
      assertThat(client.reported()).contains(Effect.Report.Kind.MOVE_STARTED);
    }

    @Test
    void one_that_lost_its_parent_searches_and_the_layer_above_is_told() {
      client.give(new Event.LinkClosed(up, "gone"));
      assertThat(client.reported()).contains(Effect.Report.Kind.ORPHANED);
      assertThat(client.effects).contains(new Effect.Connected(false));
      assertThat(client.view().rooted()).isFalse();
      called(client);
    }

    @Test
    void
        a_parent_lost_before_it_accepted_makes_the_next_search_wait_and_an_accepted_one_does_not() {
      client.give(new Event.LinkClosed(up, "gone"));
      long lostAt = client.nowNanos();
      client.fire(TreeTimer.JOIN);
      assertThat(client.nowNanos() - lostAt).isGreaterThanOrEqualTo(TIMING.backoffMinNanos() / 2);

      ByHand other = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
      LinkId parent = other.attached(PARENT);
      other.pass(TIMING.heartbeatTimeoutNanos());
      other.receive(parent, ByHand.beat(ByHand.pathOf(PARENT, 1)));
      other.give(new Event.LinkClosed(parent, "gone"));
      lostAt = other.nowNanos();
      other.fire(TreeTimer.JOIN);
      assertThat(other.nowNanos() - lostAt).isLessThanOrEqualTo(TIMING.joinJitterNanos());
    }

    @Test
    void a_parent_that_lost_its_root_is_kept_for_a_grace_period_and_then_another_is_asked_for() {
      client.receive(up, ByHand.beat(List.of()));
      assertThat(client.effects).contains(new Effect.Connected(false));
      long uprooted = client.nowNanos();
      client.fire(TreeTimer.GRACE);
      assertThat(client.nowNanos() - uprooted)
          .isBetween(TIMING.graceNanos(), 2 * TIMING.graceNanos());
      assertThat(requestOn(client, called(client)).hasParent()).isTrue();
      assertThat(client.view().parent()).contains(PARENT);
    }

    @Test
    void a_young_root_makes_it_wait_for_another_grace_period() {
      client.receive(up, ByHand.beat(List.of()));
      client.fire(TreeTimer.GRACE);
      LinkId call = called(client);
      greets(client, call, ByHand.ROOT);
      client.receive(
          call, new Message.Refused(ByHand.SELF, 2, Reason.ROOT_YOUNG, "wait", List.of()));
      assertThat(client.closed(call)).isNotEmpty();
      long refusedAt = client.nowNanos();
      client.fire(TreeTimer.GRACE);
      assertThat(client.nowNanos() - refusedAt)
          .isBetween(TIMING.graceNanos(), 2 * TIMING.graceNanos());
      called(client);
    }

    @Test
    void when_the_parent_has_a_root_again_the_search_ends() {
      client.receive(up, ByHand.beat(List.of()));
      client.fire(TreeTimer.GRACE);
      LinkId call = called(client);
      client.receive(up, ByHand.beat(ByHand.pathOf(PARENT, 1)));
      assertThat(client.closed(call)).isEqualTo("no longer needed");
      assertThat(client.effects).contains(new Effect.Connected(true));
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isFalse();
    }

    @Test
    void another_path_may_have_missed_something_and_the_same_path_has_not() {
      client.receive(up, ByHand.beat(ByHand.pathOf(PARENT, 1)));
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isFalse();
      client.receive(up, ByHand.beat(ByHand.pathOf(PARENT, 2)));
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isTrue();
    }

    @Test
    void who_finds_itself_in_its_parents_path_leaves_at_once() {
      client.receive(up, ByHand.beat(ByHand.pathOf(ByHand.SELF, 1)));
      assertThat(client.closed(up)).isNotEmpty();
      assertThat(client.view().parent()).isEmpty();
    }
  }

  @Nested
  class Between_two_parents {
    private final ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);
    private final LinkId old = client.attached(PARENT);
    private final LinkId next = moved();

    private LinkId moved() {
      client.receive(old, new Message.Cull(1));
      return client.attached(OTHER);
    }

    @Test
    void the_old_parent_serves_on_until_the_fence_is_back_or_its_time_is_up() {
      assertThat(client.view().parent()).contains(OTHER);
      assertThat(client.closed(old)).isEmpty();
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isFalse();
      long began = client.nowNanos();
      client.fire(TreeTimer.FENCE);
      assertThat(client.nowNanos() - began).isEqualTo(TIMING.heartbeatTimeoutNanos());
      assertThat(client.closed(old)).isEqualTo("moved");
      assertThat(client.reported()).contains(Effect.Report.Kind.MOVE_UNFENCED);
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isTrue();
    }

    @Test
    void when_the_old_parent_dies_first_something_may_have_been_missed() {
      client.give(new Event.LinkClosed(old, "gone"));
      assertThat(client.reported()).contains(Effect.Report.Kind.MOVE_UNFENCED);
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isTrue();
      assertThat(client.view().parent()).contains(OTHER);
    }

    @Test
    void when_the_new_parent_dies_first_the_old_one_is_the_parent_again() {
      client.give(new Event.LinkClosed(next, "gone"));
      assertThat(client.view().parent()).contains(PARENT);
      assertThat(client.view().rooted()).isTrue();
      assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isTrue();
      client.fire(TreeTimer.FLUSH);
      assertThat(client.sentOn(old))
          .as("what the old parent said of our interest meanwhile was not listened to")
          .anyMatch(Message.Interest.class::isInstance);
      client.receive(old, new Message.Cull(1));
      assertThat(client.reported()).contains(Effect.Report.Kind.MOVE_STARTED);
    }
  }
}
