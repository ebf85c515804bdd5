package dev.banyan.node;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import java.util.List;

/// Sees everything that goes into and comes out of a machine, on the machine's loop, and changes none of it.
public interface MachineTap {

  /// Sees nothing.
  MachineTap NONE = (event, effects, nowNanos) -> {};

  /// After an event was handled.
  ///
  /// @param effects what followed from it; a view that ends with the call
  void handled(Event event, List<Effect> effects, long nowNanos);

  /// Both taps, this one first.
  default MachineTap and(MachineTap other) {
    return (event, effects, nowNanos) -> {
      handled(event, effects, nowNanos);
      other.handled(event, effects, nowNanos);
    };
  }

  /// The machine with this tap on it.
  default Machine on(Machine machine) {
    return (Event event, long nowNanos, Effects effects) -> {
      int before = effects.size();
      machine.handle(event, nowNanos, effects);
      handled(event, effects.subList(before, effects.size()), nowNanos);
    };
  }
}
