package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A root with one child, second by second: whose link moves bytes is neither dead nor stuck.
@DisplayNameGeneration(ReplaceUnderscores.class)
class SlowLinksTest {

  private static final NodeId CHILD = new NodeId(9);
  private static final LinkId LINK = new LinkId(-1);
  private static final long SECOND = 1_000_000_000;
  private static final Message HEARTBEAT =
      new Message.Heartbeat(
          true, 1, 1, 0, 0, new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

  private final TreeNode root =
      new TreeNode(
          Identity.of(new NodeId(0), NodeKind.ROOT, new Address("root", 1), 1),
          TreeConfig.DEFAULT,
          List.of(),
          new SplittableRandom(1),
          nowNanos -> nowNanos / 1_000_000);
  private Effect.SetTimer beat;
  private long now;
  private String closed = "";

  SlowLinksTest() {
    give(new Event.Start());
    give(new Event.LinkOpened(LINK));
    receive(
        new Message.Hello(Message.Hello.VERSION, "main", CHILD, NodeKind.CLIENT, 5, Bytes.EMPTY));
    receive(new Message.Attach(CHILD, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()));
    receive(new Message.Interest(1, true, 64, false, new long[0], new long[0], 0));
  }

  private Effects give(Event event) {
    Effects effects = new Effects();
    root.handle(event, now, effects);
    for (Effect effect : effects) {
      if (effect instanceof Effect.SetTimer set && set.timer().kind() == TreeTimer.HEARTBEAT) {
        beat = set;
      } else if (effect instanceof Effect.CloseLink(LinkId ignored, String cause)) {
        closed = cause;
      }
    }
    return effects;
  }

  private Effects receive(Message message) {
    return give(new Event.Received(LINK, message));
  }

  /// Lets seconds pass, in each of which this happens just before the node looks round.
  private void pass(int seconds, Event... events) {
    for (int i = 0; i < seconds; i++) {
      now = beat.atNanos();
      for (Event event : events) {
        give(event);
      }
      give(new Event.TimerFired(beat.timer()));
    }
  }

  @Test
  void a_child_becomes_a_neighbour_whose_frames_may_be_long() {
    LinkId other = new LinkId(-2);
    NodeId second = new NodeId(10);
    give(new Event.LinkOpened(other));
    give(
        new Event.Received(
            other,
            new Message.Hello(
                Message.Hello.VERSION, "main", second, NodeKind.CLIENT, 5, Bytes.EMPTY)));
    assertThat(
            give(
                new Event.Received(
                    other,
                    new Message.Attach(
                        second, NodeKind.CLIENT, Address.NONE, 1, 1, 0, 0, List.of()))))
        .startsWith(new Effect.Admit(other));
  }

  @Test
  void a_child_of_whose_long_frame_parts_come_in_is_alive_and_one_that_falls_silent_is_not() {
    pass(60, new Event.BytesReceived(LINK));
    assertThat(closed).isEmpty();
    pass(5);
    assertThat(closed).isEqualTo("silent for longer than the heartbeat timeout");
  }

  @Test
  void a_congested_link_is_kept_as_long_as_it_takes_something() {
    give(new Event.LinkCongested(LINK));
    pass(60, new Event.Received(LINK, HEARTBEAT), new Event.BytesSent(LINK, 15_000));
    assertThat(closed).isEmpty();
    pass(9, new Event.Received(LINK, HEARTBEAT));
    assertThat(closed).isEmpty();
    pass(3, new Event.Received(LINK, HEARTBEAT));
    assertThat(closed).isEqualTo("congested, and has taken nothing for too long");
  }

  @Test
  void observers_are_told_what_a_congested_link_takes_and_nothing_once_it_has_drained() {
    give(new Event.LinkCongested(LINK));
    assertThat(condition()).isEqualTo(new Message.Condition(true, 0, false, Dialable.UNKNOWN));
    give(new Event.BytesSent(LINK, 15_000));
    assertThat(condition()).isEqualTo(new Message.Condition(true, 15_000, false, Dialable.UNKNOWN));
    give(new Event.LinkDrained(LINK));
    assertThat(condition()).isEqualTo(Message.Condition.FINE);
  }

  private Message.Condition condition() {
    return root.answer(new Message.Survey(1)).children().getFirst().condition();
  }

  @Test
  void what_the_node_slept_through_is_not_held_against_a_congested_link() {
    give(new Event.LinkCongested(LINK));
    pass(1, new Event.Received(LINK, HEARTBEAT));
    now = beat.atNanos() + 60 * SECOND;
    give(new Event.Received(LINK, HEARTBEAT));
    give(new Event.TimerFired(beat.timer()));
    assertThat(closed).isEmpty();
  }
}
