package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What the layer above a node must be told, as it asks nothing.
@DisplayNameGeneration(ReplaceUnderscores.class)
class UpcallsTest {

  private static final NodeId PARENT = new NodeId(50);
  private static final long MILLIS = 1_800_000_123_000L;

  private final ByHand node = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
  private final LinkId up = node.attached(PARENT);

  private <T> List<T> told(Class<T> kind) {
    return node.effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Message beat(long clockMillis, long forgottenMillis) {
    return new Message.Heartbeat(
        true,
        1,
        0,
        0,
        0,
        new Message.Heartbeat.FromParent(
            ByHand.pathOf(PARENT, 1),
            0,
            false,
            false,
            Dialable.UNKNOWN,
            Message.InterestLimits.UNSAID,
            clockMillis,
            forgottenMillis));
  }

  @Test
  void congestion_of_the_way_up_is_told_when_it_begins_with_what_the_link_takes_and_when_it_ends() {
    node.give(new Event.LinkCongested(up));
    assertThat(told(Effect.CongestedUpward.class))
        .containsExactly(new Effect.CongestedUpward(true, 0));
    node.give(new Event.LinkCongested(up));
    assertThat(told(Effect.CongestedUpward.class)).isEmpty();
    node.give(new Event.BytesSent(up, 1_000));
    assertThat(told(Effect.CongestedUpward.class))
        .containsExactly(new Effect.CongestedUpward(true, 1_000));
    node.give(new Event.BytesSent(up, 1_000));
    assertThat(told(Effect.CongestedUpward.class)).isEmpty();
    node.give(new Event.LinkDrained(up));
    assertThat(told(Effect.CongestedUpward.class)).containsExactly(Effect.CongestedUpward.NOT);
  }

  @Test
  void without_a_parent_the_way_up_is_not_congested() {
    node.give(new Event.LinkCongested(up));
    node.give(new Event.LinkClosed(up, "gone"));
    assertThat(told(Effect.CongestedUpward.class)).containsExactly(Effect.CongestedUpward.NOT);
  }

  @Test
  void congestion_of_another_link_is_not_told() {
    LinkId down = node.child(new NodeId(60), NodeKind.CLIENT);
    node.give(new Event.LinkCongested(down));
    assertThat(told(Effect.CongestedUpward.class)).isEmpty();
  }

  @Test
  void the_tree_s_time_is_told_with_each_heartbeat_of_the_parent_before_all_else() {
    node.receive(up, beat(MILLIS, 0));
    assertThat(node.effects).first().isEqualTo(new Effect.TreeTime(MILLIS, 0));
    node.receive(up, beat(MILLIS, 0));
    assertThat(told(Effect.TreeTime.class)).hasSize(1);
    node.receive(up, beat(0, 0));
    assertThat(told(Effect.TreeTime.class)).isEmpty();
  }

  @Test
  void a_mistake_about_the_time_that_was_corrected_is_told_with_its_size() {
    long yearMillis = 365L * 24 * 3_600_000;
    node.receive(up, beat(MILLIS + yearMillis, 0));
    node.receive(up, beat(MILLIS, 0));
    assertThat(told(Effect.TreeTime.class))
        .containsExactly(new Effect.TreeTime(MILLIS, yearMillis));
  }

  @Test
  void up_to_when_deletions_are_forgotten_is_told_when_it_is_later_than_before() {
    node.receive(up, beat(MILLIS, MILLIS - 2_000));
    assertThat(told(Effect.Forgotten.class)).containsExactly(new Effect.Forgotten(MILLIS - 2_000));
    node.receive(up, beat(MILLIS, MILLIS - 3_000));
    assertThat(told(Effect.Forgotten.class)).isEmpty();
    node.give(new Event.Forget(MILLIS - 1_000));
    assertThat(told(Effect.Forgotten.class)).containsExactly(new Effect.Forgotten(MILLIS - 1_000));
  }
}
