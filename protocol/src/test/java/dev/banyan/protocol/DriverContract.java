package dev.banyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The contract of [Machine], clause by clause. Whatever drives machines has a test that extends this: what is true of a
/// node over sockets must be true of it in the simulator and in the fixtures of tests, or these show nothing.
public abstract class DriverContract extends DiallerContract {

  @Test
  void each_link_that_is_accepted_has_a_number_of_its_own_from_minus_one_down() {
    Actor one = actor();
    Actor other = actor();
    connect(one, OUT, other);
    one.act(new Effect.CloseLink(OUT, "enough"));
    until(() -> other.has(Event.LinkClosed.class));
    connect(one, NEXT, other);
    until(() -> other.heard().contains(new Event.LinkOpened(new LinkId(-2))));
  }

  @Test
  void each_forwarding_counts_a_hop_and_changes_nothing_else() {
    Actor last = actor();
    Actor middle =
        actor((event, now, effects) -> {
          if (event instanceof Event.Received(LinkId _, Multicast multicast)) {
            effects.add(new Effect.Forward(new LinkId[] {OUT}, multicast));
          }
        });
    Actor first = actor();
    connect(middle, OUT, last);
    connect(first, OUT, middle);
    first.act(new Effect.Forward(new LinkId[] {OUT}, multicast(3)));
    until(() -> last.has(Event.Received.class));
    assertThat(last.heard().getLast()).isEqualTo(new Event.Received(new LinkId(-1), multicast(5)));
  }

  @Test
  void all_effects_of_an_event_are_carried_out_before_the_next_event() {
    Actor other = actor();
    Actor one =
        actor((event, now, effects) -> {
          if (event instanceof Event.Received(LinkId _, Message.Cull(int number)) && number == 1) {
            effects.add(cull(OUT, 3));
          }
          if (event instanceof Event.TimerFired) {
            effects.add(cull(OUT, 4));
          }
        });
    connect(one, OUT, other);
    connect(one, NEXT, one);
    one.act(
        cull(NEXT, 1),
        new Effect.SetTimer(new Timer(Alarm.FIRST, 1), Long.MIN_VALUE / 2),
        cull(OUT, 2));
    until(() -> other.numbers().size() == 3);
    assertThat(other.numbers().getFirst()).isEqualTo(2);
  }

  @Test
  void a_node_that_is_killed_hears_nothing_and_its_peers_hear_once_that_the_link_is_gone() {
    Actor other =
        actor((event, now, effects) -> {
          if (event instanceof Event.LinkClosed(LinkId link, String _)) {
            effects.add(cull(link, 1));
            effects.add(new Effect.SetTimer(new Timer(Alarm.SECOND, 1), now + 20_000_000));
          }
        });
    Actor one = actor();
    connect(one, OUT, other);
    one.act(new Effect.SetTimer(new Timer(Alarm.FIRST, 1), Long.MAX_VALUE / 2));
    until(() -> other.has(Event.LinkOpened.class));
    one.host.kill();
    until(() -> other.has(Event.TimerFired.class));
    assertThat(other.heardOf(new LinkId(-1))).hasSize(2);
    assertThat(one.heard()).containsExactly(new Event.Start(), new Event.LinkOpened(OUT));
  }
}
