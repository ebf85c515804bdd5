package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A parent dials its child routers, to see whether others could.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProbingTest {

  private static final NodeId CHILD = new NodeId(9);
  private static final long HEARTBEAT = TreeConfig.DEFAULT.timing().heartbeatNanos();
  private static final long PATIENCE = TreeConfig.DEFAULT.timing().longestJoinNanos();

  private static final TreeConfig WIDE =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(20, 20));

  private final ByHand root = new ByHand(NodeKind.ROOT, WIDE);

  private List<LinkId> dialled() {
    List<LinkId> links = new ArrayList<>();
    for (Effect effect : root.effects) {
      if (effect instanceof Effect.OpenLink open) {
        links.add(open.link());
      }
    }
    return links;
  }

  private LinkId probe() {
    assertThat(dialled()).hasSize(1);
    return dialled().getFirst();
  }

  private Dialable dialable(NodeId child) {
    return root.view().childRouters().stream()
        .filter(each -> each.node().equals(child))
        .findFirst()
        .orElseThrow()
        .dialable();
  }

  private List<Dialable> toldDialable(LinkId child) {
    return root.sentOn(child).stream()
        .map(beat -> ((Message.Heartbeat.FromParent) ((Message.Heartbeat) beat).side()).dialable())
        .toList();
  }

  private void answers(LinkId probe, NodeId id, long life) {
    root.give(new Event.LinkOpened(probe));
    root.receive(
        probe,
        new Message.Hello(Message.Hello.VERSION, "main", id, NodeKind.ROUTER, life, Bytes.EMPTY));
  }

  @Test
  void a_router_that_attaches_is_dialled_and_a_client_is_not() {
    root.child(new NodeId(20), NodeKind.CLIENT);
    assertThat(dialled()).isEmpty();
    root.child(CHILD, NodeKind.ROUTER);
    assertThat(dialled()).hasSize(1);
    assertThat(dialable(CHILD)).isEqualTo(Dialable.UNKNOWN);
  }

  @Test
  void where_the_same_node_in_the_same_life_answers_others_are_sent_there() {
    root.child(CHILD, NodeKind.ROUTER);
    LinkId probe = probe();
    answers(probe, CHILD, CHILD.value());
    assertThat(dialable(CHILD)).isEqualTo(Dialable.YES);
    assertThat(root.closed(probe)).isEqualTo("only looked whether somebody is here");
    assertThat(root.counted("probesFailed")).isZero();
  }

  @Test
  void where_another_node_or_another_life_answers_nobody_was_reached() {
    root.child(CHILD, NodeKind.ROUTER);
    answers(probe(), new NodeId(10), 10);
    assertThat(dialable(CHILD)).isEqualTo(Dialable.NO);
    NodeId second = new NodeId(11);
    root.child(second, NodeKind.ROUTER);
    answers(probe(), second, 4711);
    assertThat(dialable(second)).isEqualTo(Dialable.NO);
    assertThat(root.counted("probesFailed")).isEqualTo(2);
  }

  @Test
  void a_router_without_an_address_is_not_reached_and_nobody_is_dialled() {
    LinkId link = root.stranger(ByHand.hello(CHILD, NodeKind.ROUTER));
    root.receive(
        link, new Message.Attach(CHILD, NodeKind.ROUTER, Address.NONE, 1, 1, 0, 0, List.of()));
    assertThat(dialled()).isEmpty();
    assertThat(dialable(CHILD)).isEqualTo(Dialable.NO);
    assertThat(root.counted("probesFailed")).isEqualTo(1);
    assertThat(root.effects)
        .anySatisfy(effect ->
            assertThat(effect)
                .isInstanceOfSatisfying(
                    Effect.Report.class,
                    report ->
                        assertThat(report.kind()).isEqualTo(Effect.Report.Kind.CHILD_UNDIALABLE)));
  }

  @Test
  void a_link_that_does_not_open_is_a_failure_and_the_next_try_comes_after_a_heartbeat_or_more() {
    LinkId link = root.child(CHILD, NodeKind.ROUTER);
    root.give(new Event.LinkClosed(probe(), "refused"));
    assertThat(dialable(CHILD)).isEqualTo(Dialable.NO);
    assertThat(toldDialable(link)).as("the child is told at once").containsExactly(Dialable.NO);
    long failedAt = root.nowNanos();
    root.fire(TreeTimer.PROBE);
    assertThat(dialled()).hasSize(1);
    assertThat(root.nowNanos() - failedAt).isBetween(HEARTBEAT / 2, 2 * HEARTBEAT);
    long again = root.nowNanos();
    root.give(new Event.LinkClosed(probe(), "refused"));
    root.fire(TreeTimer.PROBE);
    assertThat(root.nowNanos() - again).isBetween(HEARTBEAT, 4 * HEARTBEAT);
    answers(probe(), CHILD, CHILD.value());
    assertThat(dialable(CHILD)).as("it can mend").isEqualTo(Dialable.YES);
    assertThat(toldDialable(link)).containsExactly(Dialable.YES);
  }

  @Test
  void who_does_not_answer_is_waited_for_as_long_as_a_joiner_waits_at_most() {
    root.child(CHILD, NodeKind.ROUTER);
    LinkId probe = probe();
    root.give(new Event.LinkOpened(probe));
    long dialledAt = root.nowNanos();
    root.fire(TreeTimer.PROBE);
    assertThat(root.nowNanos() - dialledAt).isEqualTo(PATIENCE);
    assertThat(root.closed(probe)).isNotEmpty();
    assertThat(dialable(CHILD)).isEqualTo(Dialable.NO);
  }

  @Test
  void eight_are_dialled_at_a_time_and_the_next_when_one_has_ended() {
    List<LinkId> probes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      root.child(new NodeId(50 + i), NodeKind.ROUTER);
      probes.addAll(dialled());
    }
    assertThat(probes).hasSize(8);
    root.give(new Event.LinkClosed(probes.getFirst(), "refused"));
    assertThat(dialled()).as("a newcomer, not the one that failed").hasSize(1);
    assertThat(dialable(new NodeId(50))).isEqualTo(Dialable.NO);
  }

  @Test
  void when_the_child_leaves_its_probe_ends_and_counts_for_nothing() {
    LinkId link = root.child(CHILD, NodeKind.ROUTER);
    LinkId probe = probe();
    root.give(new Event.LinkOpened(probe));
    root.give(new Event.LinkClosed(link, "gone"));
    assertThat(root.closed(probe)).isEqualTo("only looked whether somebody is here");
    assertThat(root.counted("probesFailed")).isZero();
  }
}
