package dev.banyan.protocol.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.turn.AgreedClock;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReservationsTest {

  private static final NodeId ONE = new NodeId(1);
  private static final NodeId OTHER = new NodeId(2);

  private final Turn turn = new Turn(new SplittableRandom(1), new AgreedClock(_ -> 1, false));
  private final Tally tally = new Tally();
  private final Reservations reservations = new Reservations(turn, tally);

  private void at(long nanos) {
    turn.begin(nanos, new Effects());
  }

  private long expired() {
    return tally.toList().stream()
        .filter(counter -> counter.name().equals("reservationsExpired"))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  @Test
  void a_place_is_held_up_to_its_time_and_not_at_it() {
    at(100);
    reservations.hold(ONE, NodeKind.CLIENT, 10);
    at(109);
    assertThat(reservations.holdsFor(ONE)).isTrue();
    assertThat(reservations.holdsFor(OTHER)).isFalse();
    at(110);
    assertThat(reservations.holdsFor(ONE)).isFalse();
    assertThat(expired()).isEqualTo(1);
  }

  @Test
  void places_are_counted_by_kind_as_long_as_they_are_held() {
    at(0);
    reservations.hold(ONE, NodeKind.CLIENT, 10);
    reservations.hold(OTHER, NodeKind.ROUTER, 20);
    reservations.hold(new NodeId(3), NodeKind.ROUTER, 30);
    assertThat(reservations.count(NodeKind.CLIENT)).isEqualTo(1);
    assertThat(reservations.count(NodeKind.ROUTER)).isEqualTo(2);
    at(20);
    assertThat(reservations.count(NodeKind.ROUTER)).isEqualTo(1);
    assertThat(reservations.count(NodeKind.CLIENT)).isZero();
    at(30);
    assertThat(reservations.count(NodeKind.ROUTER)).isZero();
    assertThat(expired()).isEqualTo(3);
  }

  @Test
  void one_joiner_has_one_place_however_often_it_is_promised() {
    at(0);
    reservations.hold(ONE, NodeKind.ROUTER, 10);
    reservations.hold(ONE, NodeKind.ROUTER, 20);
    assertThat(reservations.count(NodeKind.ROUTER)).isEqualTo(1);
    assertThat(reservations.count(NodeKind.CLIENT)).isZero();
    at(10);
    assertThat(reservations.holdsFor(ONE)).isTrue();
  }

  @Test
  void a_place_that_was_taken_is_neither_held_nor_expires() {
    at(0);
    reservations.hold(ONE, NodeKind.ROUTER, 10);
    reservations.release(ONE);
    reservations.release(OTHER);
    assertThat(reservations.holdsFor(ONE)).isFalse();
    assertThat(reservations.count(NodeKind.ROUTER)).isZero();
    at(10);
    reservations.expire();
    assertThat(expired()).isZero();
  }
}
