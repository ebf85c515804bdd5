package dev.banyan.protocol.placement;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Places held for joiners that were promised one and have not come yet.
public final class Reservations {

  private record Reservation(NodeKind kind, long expiresNanos) {}

  private final Turn turn;
  private final Tally tally;
  private Map<NodeId, Reservation> held = RareMap.none();
  private int routers;

  /// None ends before.
  private long soonestNanos = Long.MAX_VALUE;

  public Reservations(Turn turn, Tally tally) {
    this.turn = turn;
    this.tally = tally;
  }

  /// Whether a place is held for this joiner.
  boolean holdsFor(NodeId joiner) {
    expire();
    return held.containsKey(joiner);
  }

  /// Holds a place for this joiner, for so long from now.
  void hold(NodeId joiner, NodeKind kind, long nanos) {
    release(joiner);
    long expiresNanos = turn.nowNanos() + nanos;
    held = RareMap.writable(held);
    held.put(joiner, new Reservation(kind, expiresNanos));
    routers += kind == NodeKind.ROUTER ? 1 : 0;
    soonestNanos = Math.min(soonestNanos, expiresNanos);
  }

  /// No place is held for this joiner any more: it has taken it, or will not.
  void release(NodeId joiner) {
    ended(held.remove(joiner));
  }

  private void ended(@Nullable Reservation reservation) {
    routers -= reservation != null && reservation.kind() == NodeKind.ROUTER ? 1 : 0;
  }

  public int count(NodeKind kind) {
    expire();
    return kind == NodeKind.ROUTER ? routers : held.size() - routers;
  }

  /// Promises that nobody came for end before the joiner asks again: an unused one is the paper's false parent.
  public void expire() {
    if (turn.nowNanos() < soonestNanos) {
      return;
    }
    soonestNanos = Long.MAX_VALUE;
    Iterator<Reservation> each = held.values().iterator();
    while (each.hasNext()) {
      Reservation next = each.next();
      if (next.expiresNanos() <= turn.nowNanos()) {
        each.remove();
        ended(next);
        tally.count(Tally.Count.RESERVATIONS_EXPIRED);
      } else {
        soonestNanos = Math.min(soonestNanos, next.expiresNanos());
      }
    }
  }
}
