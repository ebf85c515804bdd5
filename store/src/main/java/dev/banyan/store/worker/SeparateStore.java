package dev.banyan.store.worker;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.WallClock;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.machine.StoreTimer;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A worker's store whose node is somewhere else: in another process, behind a channel. It is the store of a [Worker], told what its node
/// says as that arrives.
///
/// As a machine it takes [Event.Start] and [Event.Stop], [StoreCommand]s, [Event.ChangeLoad], [Said], and its own timers; all other events are the
/// node's. What the layer above has for the node itself it gives to that, past the store.
public final class SeparateStore extends ReplicaView implements Machine {

  /// The node has said this, in this order; as many upcalls as have arrived, at least one.
  public record Said(List<Effect.Upcall> upcalls) implements Event.Command {}

  /// @param identity the node's
  /// @param wall this machine's time of day, as the node goes by it too
  /// @param session 128 fresh random bits: this life of the writer
  /// @param tagger shared by the group, as is [StoreConfig#prefixLevels]
  /// @param random this worker's own seeded generator
  /// @param toNode takes events for the node, in order, while an event is handled here
  public SeparateStore(
      Identity identity,
      WallClock wall,
      StoreConfig config,
      Session session,
      Tagger tagger,
      Sealing sealing,
      RandomGenerator random,
      Consumer<? super Event.Local> toNode) {
    super(new Store(identity, wall, config, session, tagger, sealing, random, toNode));
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    store.begin(nowNanos, effects);
    try {
      take(event);
    } finally {
      // What was decided before it threw is carried out all the same: it is remembered that it was.
      settle();
    }
  }

  private void settle() {
    store.settle();
    if (store.noteTouch()) {
      store.settle();
    }
  }

  private void take(Event event) {
    switch (event) {
      case Said(List<Effect.Upcall> upcalls) -> hear(upcalls);
      case StoreCommand command -> store.on(command);
      case Event.TimerFired(Timer timer) when timer.kind() instanceof StoreTimer kind ->
          store.onTimer(kind, timer.generation());
      case Event.Start _ -> store.onStart();
      case Event.Stop _ -> store.onStop();
      case Event.ChangeLoad change -> store.on(change);
      case Event.FromDriver other -> throw elsewhere(other);
      case Event.Local other -> throw elsewhere(other);
      case Event.Command other -> throw elsewhere(other);
    }
  }

  /// One that cannot be dealt with keeps none of the others from being heard.
  private void hear(List<Effect.Upcall> upcalls) {
    Throwable failure = null;
    for (Effect.Upcall upcall : upcalls) {
      try {
        store.on(upcall);
      } catch (RuntimeException | Error e) {
        failure = failure == null ? e : failure;
      }
    }
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  private static IllegalArgumentException elsewhere(Event event) {
    return new IllegalArgumentException("a store without its node takes no " + event);
  }
}
