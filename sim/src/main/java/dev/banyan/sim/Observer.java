package dev.banyan.sim;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import java.util.List;

/// Sees everything that happens in a cluster, without a part in it: checkers, metrics, traces.
public interface Observer {

  /// A node has handled an event; its effects have been carried out.
  default void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {}

  /// The end of a link is no more: closed by its owner, by the other side or by a fault.
  default void linkGone(SimNode owner, LinkId link, long nowNanos) {}

  /// A node has started (again).
  default void started(SimNode node, long nowNanos) {}

  /// A node has crashed or stopped.
  default void ended(SimNode node, long nowNanos) {}

  /// A fault begins or ends at a node, or one of its links is cut.
  default void disturbed(SimNode node, long nowNanos) {}

  /// Time for what is too expensive after each event.
  default void sweep(long nowNanos) {}

  /// Nothing but heartbeats is going on, faults are healed: what must hold "once quiet" must hold now.
  default void quiet(long nowNanos) {}
}
