package dev.banyan.node.enclave;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.store.worker.SeparateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a store is told while nothing is heard of its host: that its node has no place in the tree. A host that hangs, or was stopped, hears
/// nothing of what others write; so nothing that is read meanwhile may pass for settled. Once it is heard again, what it said last counts,
/// and the store asks others whether it has missed something.
final class Silence {

  static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long patienceNanos;
  private long heardNanos;
  private long lookedNanos;
  private boolean connected;
  private boolean cut;

  Silence(long patienceNanos, long nowNanos) {
    this.patienceNanos = Math.max(patienceNanos, 3 * INTERVAL_NANOS);
    heardNanos = nowNanos;
    lookedNanos = nowNanos;
  }

  long dueInNanos(long nowNanos) {
    return lookedNanos + INTERVAL_NANOS - nowNanos;
  }

  boolean isDue(long nowNanos) {
    return dueInNanos(nowNanos) <= 0;
  }

  /// Something has come in, perhaps nothing for the store.
  ///
  /// @return what the store is to hear
  Optional<Event> heard(long nowNanos, List<Effect.Upcall> upcalls) {
    heardNanos = nowNanos;
    boolean back = cut && connected;
    cut = false;
    for (Effect.Upcall upcall : upcalls) {
      if (upcall instanceof Effect.Connected(boolean now)) {
        connected = now;
      }
    }
    if (back) {
      List<Effect.Upcall> all = new ArrayList<>(upcalls);
      all.addFirst(new Effect.Connected(true));
      return Optional.of(new SeparateStore.Said(all));
    }
    return upcalls.isEmpty() ? Optional.empty() : Optional.of(new SeparateStore.Said(upcalls));
  }

  /// To be called every so often.
  ///
  /// @return what the store is to hear
  Optional<Event> look(long nowNanos) {
    if (nowNanos - lookedNanos > 2 * INTERVAL_NANOS) {
      heardNanos =
          nowNanos; // This process has slept itself: what came meanwhile is still to be read.
    }
    lookedNanos = nowNanos;
    if (cut || !connected || nowNanos - heardNanos <= patienceNanos) {
      return Optional.empty();
    }
    cut = true;
    return Optional.of(new SeparateStore.Said(List.of(new Effect.Connected(false))));
  }
}
