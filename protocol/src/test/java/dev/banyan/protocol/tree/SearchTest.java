package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a search for a parent leaves behind, and what is told of it.
@DisplayNameGeneration(ReplaceUnderscores.class)
class SearchTest {

  private static final NodeId PARENT = new NodeId(5);
  private static final NodeId OTHER = new NodeId(6);

  private final ByHand client = new ByHand(NodeKind.CLIENT, TreeConfig.DEFAULT);

  private LinkId called() {
    client.fire(TreeTimer.JOIN);
    if (client.dialled().isEmpty()) {
      client.fire(TreeTimer.JOIN); // It had been set for an earlier wait.
    }
    LinkId call = client.dialled().getFirst().link();
    client.give(new Event.LinkOpened(call));
    return call;
  }

  private Message.JoinRequest requestOn(LinkId call) {
    return client.sentOn(call).stream()
        .filter(Message.JoinRequest.class::isInstance)
        .map(Message.JoinRequest.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no request in " + client.effects));
  }

  private static List<Message.PathEntry> pathOfLength(int length) {
    List<Message.PathEntry> path = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      path.add(new Message.PathEntry(new NodeId(1_000 + i), i));
    }
    return path;
  }

  private static Message.Attached attached(long attempt, List<Message.PathEntry> path) {
    return new Message.Attached(
        ByHand.SELF, attempt, 1, List.of(), path, Message.InterestLimits.UNSAID, 0, 0);
  }

  private List<NodeId> about(Effect.Report.Kind kind) {
    return client.effects.stream()
        .filter(Effect.Report.class::isInstance)
        .map(Effect.Report.class::cast)
        .filter(report -> report.kind() == kind)
        .map(Effect.Report::other)
        .toList();
  }

  @Test
  void parents_that_failed_in_one_search_are_not_named_in_the_next() {
    LinkId candidate = client.assigned(OTHER, NodeKind.ROUTER);
    client.receive(
        candidate,
        new Message.Refused(ByHand.SELF, 1, Message.Refused.Reason.NO_PLACE, "taken", List.of()));
    LinkId call = called();
    assertThat(requestOn(call).failed()).containsExactly(OTHER);
    client.receive(call, ByHand.hello(ByHand.ROOT, NodeKind.ROOT));
    client.receive(
        call,
        new Message.AssignParent(ByHand.SELF, 2, PARENT, ByHand.addressOf(PARENT), List.of()));
    LinkId up = client.dialled().getFirst().link();
    client.give(new Event.LinkOpened(up));
    client.receive(up, ByHand.hello(PARENT, NodeKind.ROUTER));
    client.receive(up, attached(2, ByHand.pathOf(PARENT, 1)));
    client.give(new Event.LinkClosed(up, "gone"));
    assertThat(requestOn(called()).failed()).isEmpty();
  }

  @Test
  void who_has_found_a_parent_may_have_missed_anything_before() {
    client.attached(PARENT);
    assertThat(client.effects).contains(new Effect.Connected(true));
    assertThat(client.missed(Effect.Missed.Cause.PATH_CHANGED)).isTrue();
  }

  @Test
  void a_parent_at_the_greatest_depth_is_none() {
    LinkId candidate = client.assigned(PARENT, NodeKind.ROUTER);
    client.receive(candidate, attached(1, pathOfLength(Position.MAX_DEPTH)));
    assertThat(client.view().parent()).isEmpty();
    assertThat(client.reported()).contains(Effect.Report.Kind.CYCLE_LEFT);
  }

  @Test
  void one_just_above_the_greatest_depth_is_one_until_it_sinks() {
    LinkId up = client.assigned(PARENT, NodeKind.ROUTER);
    client.receive(up, attached(1, pathOfLength(Position.MAX_DEPTH - 1)));
    assertThat(client.view().parent()).contains(PARENT);
    client.receive(up, ByHand.beat(pathOfLength(Position.MAX_DEPTH)));
    assertThat(client.view().parent()).isEmpty();
  }

  @Test
  void a_parent_that_was_asked_meanwhile_is_left_when_the_old_one_has_a_root_again() {
    LinkId up = client.attached(PARENT);
    client.receive(up, ByHand.beat(List.of()));
    client.fire(TreeTimer.GRACE);
    LinkId candidate = client.assigned(OTHER, NodeKind.ROUTER);
    client.receive(up, ByHand.beat(ByHand.pathOf(PARENT, 1)));
    assertThat(client.closed(candidate)).isEqualTo("no longer needed");
    assertThat(client.view().parent()).contains(PARENT);
  }

  @Test
  void a_search_and_an_unfenced_move_are_told_of_the_parent_that_there_is() {
    LinkId up = client.attached(PARENT);
    client.receive(up, new Message.Cull(1));
    LinkId call = called();
    assertThat(about(Effect.Report.Kind.JOIN_SENT)).containsExactly(PARENT);
    client.receive(call, ByHand.hello(ByHand.ROOT, NodeKind.ROOT));
    client.receive(
        call, new Message.AssignParent(ByHand.SELF, 2, OTHER, ByHand.addressOf(OTHER), List.of()));
    LinkId next = client.dialled().getFirst().link();
    client.give(new Event.LinkOpened(next));
    client.receive(next, ByHand.hello(OTHER, NodeKind.ROUTER));
    client.receive(next, attached(2, ByHand.pathOf(OTHER, 1)));
    client.fire(TreeTimer.FENCE);
    assertThat(about(Effect.Report.Kind.MOVE_UNFENCED)).containsExactly(OTHER);
  }
}
