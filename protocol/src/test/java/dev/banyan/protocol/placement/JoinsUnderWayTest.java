package dev.banyan.protocol.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.AgreedClock;
import dev.banyan.protocol.turn.Turn;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Who may answer a join request, or give it back: the child that has it, and nobody else.
@DisplayNameGeneration(ReplaceUnderscores.class)
class JoinsUnderWayTest {

  private static final NodeId JOINER = new NodeId(9);
  private static final NodeId CHILD = new NodeId(1);
  private static final NodeId OTHER = new NodeId(2);

  private final Turn turn = new Turn(new SplittableRandom(1), new AgreedClock(_ -> 1, true));
  private final JoinsUnderWay joins = new JoinsUnderWay(TreeConfig.DEFAULT, turn);
  private final Message.JoinRequest request = request(4);

  private static Message.JoinRequest request(long attempt) {
    List<Message.Hop> path = List.of(new Message.Hop(new NodeId(0), List.of(CHILD)));
    return new Message.JoinRequest(
        JOINER, NodeKind.CLIENT, Address.NONE, attempt, false, 0, 0, path, false, List.of());
  }

  private static Message.AssignParent assigned(long attempt) {
    return new Message.AssignParent(JOINER, attempt, OTHER, new Address("p", 1), List.of());
  }

  @Test
  void a_request_comes_back_from_the_child_that_has_it_as_it_was_passed_and_once() {
    joins.passed(request, CHILD);
    assertThat(joins.returned(CHILD, JOINER, 4)).containsSame(request);
    assertThat(joins.returned(CHILD, JOINER, 4)).isEmpty();
  }

  @Test
  void another_child_cannot_give_it_back() {
    joins.passed(request, CHILD);
    assertThat(joins.returned(OTHER, JOINER, 4)).isEmpty();
    assertThat(joins.returned(CHILD, JOINER, 4)).isPresent();
  }

  @Test
  void another_child_cannot_answer_it() {
    joins.passed(request, CHILD);
    assertThat(joins.answered(OTHER, assigned(4))).isEmpty();
    assertThat(joins.answered(CHILD, assigned(4))).isPresent();
    assertThat(joins.answered(CHILD, assigned(4))).as("a second time").isEmpty();
  }

  @Test
  void nothing_is_given_back_or_answered_for_another_attempt_or_a_joiner_that_was_not_passed() {
    joins.passed(request, CHILD);
    assertThat(joins.returned(CHILD, JOINER, 5)).isEmpty();
    assertThat(joins.answered(CHILD, assigned(3))).isEmpty();
    assertThat(joins.returned(CHILD, new NodeId(10), 4)).isEmpty();
  }

  @Test
  void the_ways_of_join_requests_take_a_bounded_part_of_memory() {
    List<NodeId> tried = IntStream.range(0, 60_000).mapToObj(NodeId::new).toList();
    for (int joiner = 0; joiner < 100; joiner++) {
      Message.JoinRequest request =
          new Message.JoinRequest(
              new NodeId(joiner),
              NodeKind.CLIENT,
              Address.NONE,
              1,
              false,
              0,
              0,
              List.of(new Message.Hop(OTHER, tried)),
              false,
              List.of());
      joins.passed(request, CHILD);
    }
    assertThat(joins.childOf(new NodeId(99))).isEqualTo(CHILD);
    assertThat(joins.childOf(new NodeId(50))).isNull();
  }

  @Test
  void that_a_joiner_was_sent_to_a_child_in_vain_is_forgotten_though_no_other_request_is_passed() {
    joins.passed(request, CHILD);
    Message.JoinRequest again =
        new Message.JoinRequest(
            JOINER,
            NodeKind.CLIENT,
            Address.NONE,
            5,
            false,
            0,
            0,
            List.of(),
            false,
            List.of(),
            List.of(),
            true);
    turn.begin(1, new Effects());
    assertThat(joins.failed(again, 0)).isTrue();
    assertThat(joins.inVain(JOINER)).containsExactly(CHILD);
    turn.begin(3 * TreeConfig.DEFAULT.timing().longestJoinNanos(), new Effects());
    assertThat(joins.inVain(JOINER)).isEmpty();
  }
}
