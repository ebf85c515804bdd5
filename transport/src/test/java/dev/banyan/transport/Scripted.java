package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A machine that writes down what it hears and does what it is told.
final class Scripted implements Machine {

  /// Tells a scripted machine what to do.
  record Do(List<Effect> effects) implements Event.Command {
    Do(Effect... effects) {
      this(List.of(effects));
    }
  }

  /// Thrown by a script: the machine fails, having said this before.
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<Effect> before;

    Failure(String message, Effect... before) {
      super(message);
      this.before = List.of(before);
    }
  }

  enum Alarm implements Timer.Kind {
    RINGS
  }

  private static final long PATIENCE_SECONDS = 20;

  final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Function<Event, List<Effect>> script;

  Scripted() {
    this(event -> List.of());
  }

  Scripted(Function<Event, List<Effect>> script) {
    this.script = script;
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    if (event instanceof Do(List<Effect> told)) {
      effects.addAll(told);
      return;
    }
    if (event instanceof Event.LinkOpened(LinkId link, PeerIdentity _)) {
      effects.add(new Effect.Admit(link));
    }
    try {
      effects.addAll(script.apply(event));
    } catch (Failure failure) {
      effects.addAll(failure.before);
      throw failure;
    }
    events.add(kept(event));
  }

  /// Multicasts are good only while they are handled.
  private static Event kept(Event event) {
    return event instanceof Event.Received(LinkId link, Multicast multicast)
        ? new Event.Received(link, new Multicast.Plain(multicast.hops(), multicast.records()))
        : event;
  }

  /// The next event of this kind; others before it are dropped.
  <E extends Event> E await(Class<E> kind) throws InterruptedException {
    while (true) {
      Event event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(event).as("an event of %s", kind.getSimpleName()).isNotNull();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  LinkId awaitLink() throws InterruptedException {
    return await(Event.LinkOpened.class).link();
  }

  Message awaitMessage() throws InterruptedException {
    return await(Event.Received.class).message();
  }

  static Multicast multicast(int number, int payloadBytes) {
    return Multicast.of(
        List.of(
            new Record(
                new long[] {7},
                new NodeId(1),
                new Session(2, 3),
                number,
                new long[] {0},
                Bytes.wrap(new byte[payloadBytes]))));
  }

  static long number(Message multicast) {
    return ((Multicast) multicast).records().getFirst().sequence();
  }
}
