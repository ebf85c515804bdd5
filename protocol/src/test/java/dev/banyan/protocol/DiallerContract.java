package dev.banyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the contract of [Machine] says of a machine that dials, and has one link at a time. [DriverContract] has the rest.
public abstract class DiallerContract {

  /// How long a test waits, in steps of [#pass].
  private static final int PATIENCE = 20_000;

  static final LinkId OUT = new LinkId(1);
  static final LinkId NEXT = new LinkId(2);
  private static final LinkId UNKNOWN = new LinkId(77);

  /// What all actors have heard; whoever waits for real time to pass waits on it.
  protected final Object news = new Object();

  private final List<Actor> actors = new ArrayList<>();

  /// A machine that runs.
  protected interface Host {
    /// Where others can dial it.
    Address address();

    void give(Event event);

    /// Ends it in good order, as [Event.Stop] says.
    void stop();

    /// Ends it as when its process dies.
    void kill();
  }

  /// Runs a machine that others can dial.
  ///
  /// @param number a new one for each machine, from 0 up
  protected abstract Host run(int number, Machine machine);

  /// Runs a machine that dials others, and is not dialled: where it differs, this is what is tested.
  protected Host runDialler(int number, Machine machine) {
    return run(number, machine);
  }

  /// Whether what is sent and closed upon at once may be lost, as the other end has not opened the link yet: see [Machine].
  protected boolean whoDialsIsDoneFirst() {
    return false;
  }

  /// Lets a millisecond pass, or waits until an actor hears something.
  protected abstract void pass();

  /// What an actor does about an event.
  protected interface Script {
    void on(Event event, long nowNanos, Effects effects);
  }

  /// Has an actor ask for effects.
  record Do(List<Effect> effects) implements Event.Command {}

  enum Alarm implements Timer.Kind {
    FIRST,
    SECOND
  }

  /// A machine that writes down what it hears, does what its script says, and notices what no driver may do.
  final class Actor implements Machine {
    private final Script script;
    private final List<Event> heard = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    final Host host;
    private boolean handling;

    Actor(Script script, boolean dialler) {
      this.script = script;
      this.host = dialler ? runDialler(actors.size(), this) : run(actors.size(), this);
      actors.add(this);
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      synchronized (news) {
        if (handling) {
          faults.add("called within a call: " + event);
        }
        if (!times.isEmpty() && nowNanos < times.getLast()) {
          faults.add("the clock goes back: " + event);
        }
        if (!effects.isEmpty()) {
          faults.add("effects of an earlier event are there: " + event);
        }
        handling = true;
        times.add(nowNanos);
        heard.add(kept(event));
        if (event instanceof Do(List<Effect> told)) {
          effects.addAll(told);
        }
        script.on(event, nowNanos, effects);
        handling = false;
        news.notifyAll();
      }
    }

    void act(Effect... effects) {
      host.give(new Do(List.of(effects)));
    }

    List<Event> heard() {
      synchronized (news) {
        return heard.stream().filter(event -> !(event instanceof Do)).toList();
      }
    }

    long opened() {
      return heard().stream().filter(Event.LinkOpened.class::isInstance).count();
    }

    List<Integer> numbers() {
      return heard().stream()
          .filter(Event.Received.class::isInstance)
          .map(event -> ((Event.Received) event).message())
          .filter(Message.Cull.class::isInstance)
          .map(message -> ((Message.Cull) message).clients())
          .toList();
    }

    List<Event> heardOf(LinkId link) {
      return heard().stream().filter(event -> isOf(event, link)).toList();
    }

    boolean has(Class<? extends Event> kind) {
      return heard().stream().anyMatch(kind::isInstance);
    }
  }

  /// Multicasts are good only while they are handled; what is proven of peers differs from driver to driver.
  private static Event kept(Event event) {
    return switch (event) {
      case Event.Received(LinkId link, Multicast multicast) ->
          new Event.Received(link, new Multicast.Plain(multicast.hops(), multicast.records()));
      case Event.LinkOpened(LinkId link, PeerIdentity _) -> new Event.LinkOpened(link);
      case Event other -> other;
    };
  }

  private static boolean isOf(Event event, LinkId link) {
    return switch (event) {
      case Event.LinkOpened opened -> opened.link().equals(link);
      case Event.LinkClosed closed -> closed.link().equals(link);
      case Event.Received received -> received.link().equals(link);
      case Event.LinkCongested congested -> congested.link().equals(link);
      case Event.LinkDrained drained -> drained.link().equals(link);
      case Event.BytesReceived some -> some.link().equals(link);
      case Event.BytesSent some -> some.link().equals(link);
      case Event.Start _, Event.Stop _, Event.TimerFired _, Event.Local _, Event.Command _ -> false;
    };
  }

  final Actor actor() {
    return actor((event, now, effects) -> {});
  }

  final Actor actor(Script script) {
    return new Actor(script, false);
  }

  final Actor dialler() {
    return dialler((event, now, effects) -> {});
  }

  final Actor dialler(Script script) {
    return new Actor(script, true);
  }

  final void until(BooleanSupplier holds) {
    for (int i = 0; i < PATIENCE && !holds.getAsBoolean(); i++) {
      pass();
    }
    assertThat(holds.getAsBoolean()).as("within the patience of this test").isTrue();
  }

  /// Has one actor dial another.
  final void connect(Actor from, LinkId link, Actor to) {
    long before = to.opened();
    from.act(new Effect.OpenLink(link, to.host.address()));
    until(() -> from.heardOf(link).contains(new Event.LinkOpened(link)));
    if (whoDialsIsDoneFirst()) {
      until(() -> to.opened() > before);
    }
  }

  static Effect cull(LinkId link, int number) {
    return new Effect.Send(link, new Message.Cull(number));
  }

  static Multicast multicast(int hops) {
    return new Multicast.Plain(
        hops,
        List.of(
            new Record(
                new long[] {7},
                new NodeId(1),
                new Session(2, 3),
                4,
                new long[] {0},
                Bytes.utf8("five"))));
  }

  @AfterEach
  void no_machine_was_called_within_a_call_or_with_an_earlier_time() {
    assertThat(actors).allSatisfy(actor -> assertThat(actor.faults).isEmpty());
  }

  @Test
  void start_comes_first_and_once() {
    Actor one = dialler();
    Actor other = actor();
    connect(one, OUT, other);
    until(() -> other.has(Event.LinkOpened.class));
    assertThat(one.heard()).containsExactly(new Event.Start(), new Event.LinkOpened(OUT));
    assertThat(other.heard())
        .containsExactly(new Event.Start(), new Event.LinkOpened(new LinkId(-1)));
  }

  @Test
  void what_is_sent_on_a_link_arrives_in_that_order_multicasts_among_it() {
    Actor one = dialler();
    Actor other = actor();
    connect(one, OUT, other);
    one.act(cull(OUT, 1), new Effect.Forward(new LinkId[] {OUT}, multicast(0)), cull(OUT, 2));
    IntStream.rangeClosed(3, 50).forEach(number -> one.act(cull(OUT, number)));
    until(() -> other.numbers().contains(50));
    assertThat(other.numbers()).isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
    assertThat(((Event.Received) other.heard().get(3)).message()).isInstanceOf(Multicast.class);
  }

  @Test
  void no_message_of_a_link_comes_before_the_news_that_it_is_open_at_either_end() {
    Script greets =
        (event, now, effects) -> {
          if (event instanceof Event.LinkOpened(LinkId link, PeerIdentity _)) {
            effects.add(cull(link, 1));
          }
        };
    Actor one = dialler(greets);
    Actor other = actor(greets);
    one.act(new Effect.OpenLink(OUT, other.host.address()));
    until(() -> one.numbers().contains(1) && other.numbers().contains(1));
    assertThat(one.heard().get(1)).isEqualTo(new Event.LinkOpened(OUT));
    assertThat(other.heard().get(1)).isInstanceOf(Event.LinkOpened.class);
  }

  @Test
  void a_dial_that_fails_says_so_once_and_never_opens() {
    Actor gone = actor();
    Actor one = dialler();
    Actor other = actor();
    Address nobody = gone.host.address();
    gone.host.kill();
    one.act(new Effect.OpenLink(OUT, nobody));
    until(() -> one.has(Event.LinkClosed.class));
    connect(one, NEXT, other);
    assertThat(one.heardOf(OUT)).hasSize(1);
  }

  @Test
  void a_link_that_is_closed_while_it_is_dialled_is_not_heard_of() {
    Actor one = dialler();
    Actor other = actor();
    one.act(new Effect.OpenLink(OUT, other.host.address()), new Effect.CloseLink(OUT, "no"));
    connect(one, NEXT, other);
    assertThat(one.heardOf(OUT)).isEmpty();
  }

  @Test
  void a_dial_that_fails_after_its_link_was_closed_is_not_heard_of() {
    Actor gone = actor();
    Actor one = dialler();
    Actor other = actor();
    Address nobody = gone.host.address();
    gone.host.kill();
    one.act(new Effect.OpenLink(OUT, nobody), new Effect.CloseLink(OUT, "no"));
    connect(one, NEXT, other);
    until(() -> other.has(Event.LinkOpened.class));
    other.act(cull(new LinkId(-1), 1));
    until(() -> one.numbers().contains(1));
    assertThat(one.heardOf(OUT)).isEmpty();
  }

  @Test
  void what_was_sent_before_a_close_arrives_and_then_the_news_once() {
    Actor one = dialler();
    Actor other = actor();
    connect(one, OUT, other);
    one.act(cull(OUT, 1), cull(OUT, 2), new Effect.CloseLink(OUT, "enough"), cull(OUT, 3));
    until(() -> other.has(Event.LinkClosed.class));
    connect(one, NEXT, other);
    assertThat(other.numbers()).containsExactly(1, 2);
    List<Event> ofLink = other.heardOf(new LinkId(-1));
    assertThat(ofLink).hasSize(4);
    assertThat(ofLink.getLast()).isInstanceOf(Event.LinkClosed.class);
  }

  @Test
  void whoever_has_closed_a_link_hears_nothing_more_of_it() {
    Actor one =
        dialler((event, now, effects) -> {
          if (event instanceof Event.Received(LinkId link, Message.Cull(int number))
              && number == 1) {
            effects.add(new Effect.CloseLink(link, "enough"));
          }
        });
    Actor other =
        actor((event, now, effects) -> {
          if (event instanceof Event.LinkOpened(LinkId link, PeerIdentity _)) {
            int first = link.value() == -1 ? 1 : 100;
            IntStream.range(first, first + 50).forEach(number -> effects.add(cull(link, number)));
          }
        });
    connect(one, OUT, other);
    until(() -> other.has(Event.LinkClosed.class));
    connect(one, NEXT, other);
    until(() -> one.numbers().contains(149));
    assertThat(one.heardOf(OUT))
        .containsExactly(new Event.LinkOpened(OUT), new Event.Received(OUT, new Message.Cull(1)));
  }

  @Test
  void a_link_that_both_ends_close_is_not_heard_of_at_either() {
    Script closes =
        (event, now, effects) -> {
          if (event instanceof Event.Received(LinkId link, Message _)) {
            effects.add(cull(link, 2));
            effects.add(new Effect.CloseLink(link, "enough"));
          }
        };
    Actor one = dialler(closes);
    Actor other = actor(closes);
    connect(one, OUT, other);
    one.act(cull(OUT, 1), new Effect.CloseLink(OUT, "enough"));
    until(() -> other.numbers().contains(1));
    connect(one, NEXT, other);
    assertThat(one.heardOf(OUT)).containsExactly(new Event.LinkOpened(OUT));
    assertThat(other.heardOf(new LinkId(-1))).hasSize(2);
  }

  @Test
  void what_goes_to_a_link_that_is_gone_is_dropped_and_the_rest_is_done() {
    Actor one = dialler();
    Actor other = actor();
    connect(one, OUT, other);
    one.act(
        cull(UNKNOWN, 1),
        new Effect.CloseLink(UNKNOWN, "never was"),
        new Effect.Admit(UNKNOWN),
        new Effect.Forward(new LinkId[] {UNKNOWN, OUT}, multicast(0)),
        cull(OUT, 2));
    until(() -> other.numbers().contains(2));
    assertThat(other.numbers()).containsExactly(2);
    assertThat(other.heardOf(new LinkId(-1))).hasSize(3);
  }

  @Test
  void a_timer_fires_once_each_time_it_is_set_and_never_early_and_at_once_when_it_is_late() {
    Timer late = new Timer(Alarm.FIRST, 1);
    Timer twice = new Timer(Alarm.SECOND, 2);
    List<Long> due = new ArrayList<>();
    Actor one =
        dialler((event, now, effects) -> {
          if (event instanceof Do) {
            due.add(now + 5_000_000);
            effects.add(new Effect.SetTimer(twice, now + 5_000_000));
            effects.add(new Effect.SetTimer(twice, now + 3_000_000));
            effects.add(new Effect.SetTimer(late, now - 1));
          }
        });
    one.act();
    until(() -> one.heard().size() == 4);
    List<Event> heard = one.heard();
    assertThat(heard).contains(new Event.TimerFired(late));
    assertThat(heard.stream().filter(new Event.TimerFired(twice)::equals)).hasSize(2);
    assertThat(one.times.getLast()).isGreaterThanOrEqualTo(due.getFirst());
  }

  @Test
  void a_node_that_stops_says_what_it_has_to_say_and_hears_nothing_more() {
    Actor other =
        actor((event, now, effects) -> {
          if (event instanceof Event.LinkClosed) {
            effects.add(new Effect.SetTimer(new Timer(Alarm.SECOND, 1), now + 20_000_000));
          }
        });
    Actor one =
        dialler((event, now, effects) -> {
          if (event instanceof Event.Stop) {
            effects.add(cull(OUT, 1));
            effects.add(new Effect.SetTimer(new Timer(Alarm.FIRST, 1), now + 1));
          }
        });
    connect(one, OUT, other);
    one.host.stop();
    until(() -> other.has(Event.TimerFired.class));
    assertThat(other.numbers()).containsExactly(1);
    assertThat(other.heardOf(new LinkId(-1)).getLast()).isInstanceOf(Event.LinkClosed.class);
    assertThat(one.heard().getLast()).isEqualTo(new Event.Stop());
  }

  @Test
  void what_came_before_the_other_end_closed_is_heard_and_then_the_news_once() {
    Actor one = dialler();
    Actor other =
        actor((event, now, effects) -> {
          if (event instanceof Event.LinkOpened(LinkId link, PeerIdentity _)
              && link.value() == -1) {
            effects.add(cull(link, 1));
            effects.add(cull(link, 2));
            effects.add(new Effect.CloseLink(link, "enough"));
          }
        });
    one.act(new Effect.OpenLink(OUT, other.host.address()));
    until(() -> one.has(Event.LinkClosed.class));
    connect(one, NEXT, other);
    assertThat(one.numbers()).containsExactly(1, 2);
    assertThat(one.heardOf(OUT)).hasSize(4);
    assertThat(one.heardOf(OUT).getLast()).isInstanceOf(Event.LinkClosed.class);
  }
}
