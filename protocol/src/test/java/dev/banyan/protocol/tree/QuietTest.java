package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a node does not say, or not yet, as nobody needs it: in a large tree each such message is sent a million times.
@DisplayNameGeneration(ReplaceUnderscores.class)
class QuietTest {

  private static final NodeId PARENT = new NodeId(50);
  private static final long[] NOTHING = {};

  private final ByHand node = new ByHand(NodeKind.ROUTER, TreeConfig.DEFAULT);
  private final LinkId up = node.attached(PARENT);
  private final LinkId down = node.child(new NodeId(60), NodeKind.CLIENT);

  private void mayWant(int tags) {
    node.receive(
        up,
        new Message.Heartbeat(
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
                new Message.InterestLimits(tags, 24),
                0,
                0)));
  }

  private void wants(int tags) {
    long[] wanted = LongStream.rangeClosed(1, tags).map(i -> i << 32).toArray();
    long hash = LongStream.of(wanted).map(Tags::hashOf).reduce(0, (a, b) -> a ^ b);
    node.receive(down, new Message.Interest(1, true, 64, false, wanted, NOTHING, hash));
  }

  @Test
  void that_a_little_more_or_less_may_be_wanted_children_hear_with_the_next_heartbeat() {
    mayWant(1_000);
    assertThat(node.sentOn(down)).as("much less than before").hasSize(1);
    mayWant(1_001);
    assertThat(node.sentOn(down)).isEmpty();
    mayWant(900);
    assertThat(node.sentOn(down)).isEmpty();
    mayWant(700);
    assertThat(node.sentOn(down)).as("a fifth less").hasSize(1);
  }

  @Test
  void that_less_may_be_wanted_than_is_wanted_children_hear_at_once() {
    mayWant(100);
    wants(98);
    mayWant(99);
    assertThat(node.sentOn(down)).as("its inbox and theirs: just enough").isEmpty();
    mayWant(98);
    assertThat(node.sentOn(down)).hasSize(1);
  }

  @Test
  void a_child_hears_that_somebody_wants_everything_with_the_first_answer() {
    node.receive(up, new Message.Wanted(1, 0, true, false, NOTHING, NOTHING, 0));
    wants(1);
    node.fire(TreeTimer.FLUSH);
    assertThat(node.sentOn(down)).isEmpty();
    node.receive(up, new Message.Wanted(2, 9, true, false, NOTHING, NOTHING, 0));
    node.fire(TreeTimer.FLUSH);
    assertThat(node.sentOn(down))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Wanted.class,
            wanted -> {
              assertThat(wanted.answers()).isEqualTo(1);
              assertThat(wanted.all()).isTrue();
            });
  }

  @Test
  void an_answer_for_which_no_child_waits_makes_no_timer() {
    node.receive(up, new Message.Wanted(1, 1, false, false, NOTHING, NOTHING, 0));
    assertThat(node.effects).noneMatch(Effect.SetTimer.class::isInstance);
  }
}
