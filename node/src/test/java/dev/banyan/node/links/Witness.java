package dev.banyan.node.links;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A machine that does what it is told, and keeps what it hears.
final class Witness implements Machine {

  /// Told by a test.
  record Do(Effect effect) implements Event.Command {}

  private final LinkedBlockingQueue<Event> heard = new LinkedBlockingQueue<>();

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    switch (event) {
      case Do(Effect effect) -> effects.add(effect);
      case Event.Received(var link, Message message) ->
          heard.add(new Event.Received(link, kept(message)));
      case Event other -> heard.add(other);
    }
  }

  /// A multicast is good only while it is handled.
  private static Message kept(Message message) {
    return message instanceof Multicast multicast ? Multicast.of(multicast.records()) : message;
  }

  /// The next event of this kind; what comes before it is dropped.
  <E extends Event> E next(Class<E> kind) {
    try {
      while (true) {
        Event event = heard.poll(60, TimeUnit.SECONDS);
        assertThat(event).as("an event of kind " + kind.getSimpleName()).isNotNull();
        if (kind.isInstance(event)) {
          return Objects.requireNonNull(kind.cast(event));
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean hasHeard(Class<? extends Event> kind) {
    return heard.stream().anyMatch(kind::isInstance);
  }
}
