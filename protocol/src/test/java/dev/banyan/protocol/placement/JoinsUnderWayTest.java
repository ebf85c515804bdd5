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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  private void pass(Message.JoinRequest passed, NodeId child) {
    joins.passed(joins.of(passed.joiner()), passed, child);
  }

  /// Whether the child that has the joiner's last request has failed it.
  private boolean failed(Message.JoinRequest asked, long patienceNanos) {
    JoinerTable.Entry known = joins.of(asked.joiner());
    return known != null && joins.failed(known, asked, patienceNanos);
  }

  private Optional<Message.JoinRequest> returned(NodeId child, NodeId joiner, long attempt) {
    return Optional.ofNullable(joins.returned(child, joiner, attempt))
        .map(JoinerTable.Entry::takeRequest);
  }

  private @Nullable NodeId child(NodeId joiner) {
    JoinerTable.Entry known = joins.of(joiner);
    return known == null ? null : known.child;
  }

  private List<NodeId> inVain() {
    JoinerTable.Entry known = joins.of(JOINER);
    return known == null ? List.of() : known.vain;
  }

  @Test
  void a_request_comes_back_from_the_child_that_has_it_as_it_was_passed_and_once() {
    pass(request, CHILD);
    assertThat(returned(CHILD, JOINER, 4)).containsSame(request);
    assertThat(returned(CHILD, JOINER, 4)).isEmpty();
  }

  @Test
  void another_child_cannot_give_it_back() {
    pass(request, CHILD);
    assertThat(returned(OTHER, JOINER, 4)).isEmpty();
    assertThat(returned(CHILD, JOINER, 4)).isPresent();
  }

  @Test
  void another_child_cannot_answer_it() {
    pass(request, CHILD);
    assertThat(joins.answered(OTHER, assigned(4))).isEmpty();
    assertThat(joins.answered(CHILD, assigned(4))).isPresent();
    assertThat(joins.answered(CHILD, assigned(4))).as("a second time").isEmpty();
  }

  @Test
  void nothing_is_given_back_or_answered_for_another_attempt_or_a_joiner_that_was_not_passed() {
    pass(request, CHILD);
    assertThat(returned(CHILD, JOINER, 5)).isEmpty();
    assertThat(joins.answered(CHILD, assigned(3))).isEmpty();
    assertThat(returned(CHILD, new NodeId(10), 4)).isEmpty();
  }

  private static final long PATIENCE = 1_000;

  /// The joiner asks once more, after its last request came to nothing.
  private static Message.JoinRequest again(long attempt, NodeId... failed) {
    Message.JoinRequest asked = request(attempt);
    return new Message.JoinRequest(
        asked.joiner(),
        asked.kind(),
        asked.address(),
        attempt,
        false,
        0,
        0,
        asked.path(),
        false,
        List.of(),
        List.of(failed),
        true);
  }

  private void at(long nanos) {
    turn.begin(nanos, new Effects());
  }

  @Test
  void a_child_that_took_longer_than_its_patience_has_failed_and_a_slow_one_has_not() {
    at(0);
    pass(request, CHILD);
    at(PATIENCE);
    assertThat(failed(again(5), PATIENCE)).isFalse();
    assertThat(inVain()).isEmpty();
    pass(again(5), CHILD);
    at(2 * PATIENCE + 1);
    assertThat(failed(again(6), PATIENCE)).isTrue();
    assertThat(inVain()).containsExactly(CHILD);
  }

  @Test
  void a_joiner_that_does_not_say_it_asks_again_accuses_nobody() {
    at(0);
    pass(request, CHILD);
    at(2 * PATIENCE);
    assertThat(failed(request(5), PATIENCE)).isFalse();
    assertThat(inVain()).isEmpty();
  }

  @Test
  void a_child_fails_a_joiner_once_however_often_it_asks() {
    at(0);
    for (int i = 0; i < 3; i++) {
      pass(again(4 + i), CHILD);
      at((i + 1) * 2 * PATIENCE);
      assertThat(failed(again(5 + i), PATIENCE)).isEqualTo(i == 0);
    }
    assertThat(inVain()).containsExactly(CHILD);
  }

  @Test
  void a_child_whose_answer_did_not_take_the_joiner_has_failed_only_if_the_joiner_names_that() {
    at(0);
    pass(request, CHILD);
    joins.answered(CHILD, assigned(4));
    at(2 * PATIENCE);
    assertThat(failed(again(5), PATIENCE)).as("it did answer").isFalse();
    pass(request(5), CHILD);
    joins.answered(CHILD, assigned(5));
    assertThat(failed(again(6, OTHER), PATIENCE)).isTrue();
  }

  @Test
  void a_late_answer_forgives_the_child() {
    at(0);
    pass(request, CHILD);
    at(2 * PATIENCE);
    assertThat(failed(again(5), PATIENCE)).isTrue();
    pass(again(5), OTHER);
    at(3 * PATIENCE);
    assertThat(joins.answered(CHILD, assigned(4)))
        .contains(new JoinsUnderWay.Answer(3 * PATIENCE, true, true));
    assertThat(inVain()).isEmpty();
    assertThat(joins.answered(CHILD, assigned(4))).as("a second time").isEmpty();
    assertThat(joins.answered(OTHER, assigned(5)))
        .contains(new JoinsUnderWay.Answer(PATIENCE, false, false));
  }

  @Test
  void eight_children_in_vain_are_remembered_of_one_joiner() {
    for (int i = 0; i < 10; i++) {
      at(i * 2 * PATIENCE);
      pass(again(4 + i), new NodeId(50 + i));
      at((i + 1) * 2 * PATIENCE);
      failed(again(5 + i), PATIENCE);
    }
    assertThat(inVain()).hasSize(8).doesNotContain(new NodeId(58), new NodeId(59));
  }

  @Test
  void after_twice_the_longest_patience_all_is_forgotten() {
    long life = 2 * TreeConfig.DEFAULT.timing().longestJoinNanos();
    at(0);
    pass(request, CHILD);
    at(life - 1);
    assertThat(returned(OTHER, JOINER, 4)).isEmpty();
    assertThat(child(JOINER)).isEqualTo(CHILD);
    at(life);
    assertThat(returned(CHILD, JOINER, 4)).isEmpty();
    assertThat(child(JOINER)).isNull();
    assertThat(inVain()).isEmpty();
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
      pass(request, CHILD);
    }
    assertThat(child(new NodeId(99))).isEqualTo(CHILD);
    assertThat(child(new NodeId(50))).isNull();
  }

  @Test
  void that_a_joiner_was_sent_to_a_child_in_vain_is_forgotten_though_no_other_request_is_passed() {
    pass(request, CHILD);
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
    assertThat(failed(again, 0)).isTrue();
    assertThat(inVain()).containsExactly(CHILD);
    turn.begin(3 * TreeConfig.DEFAULT.timing().longestJoinNanos(), new Effects());
    assertThat(inVain()).isEmpty();
  }
}
