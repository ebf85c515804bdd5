package dev.banyan.protocol.placement;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.Iterator;
import java.util.Map;

/// Places held for joiners that were promised one and have not come yet.
public final class Reservations {

  private record Reservation(NodeKind kind, long expiresNanos) {}

  private final Turn turn;
  private final Tally tally;
  private Map<NodeId, Reservation> held = RareMap.none();

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
    held = RareMap.writable(held);
    held.put(joiner, new Reservation(kind, turn.nowNanos() + nanos));
  }

  /// No place is held for this joiner any more: it has taken it, or will not.
  void release(NodeId joiner) {
    held.remove(joiner);
  }

  public int count(NodeKind kind) {
    expire();
    int count = 0;
    for (Reservation reservation : held.values()) {
      if (reservation.kind() == kind) {
        count++;
      }
    }
    return count;
  }

  /// Promises that nobody came for end before the joiner asks again: an unused one is the paper's false parent.
  public void expire() {
    if (held.isEmpty()) {
      return;
    }
    Iterator<Reservation> each = held.values().iterator();
    while (each.hasNext()) {
      if (each.next().expiresNanos() <= turn.nowNanos()) {
        each.remove();
        tally.count(Tally.Count.RESERVATIONS_EXPIRED);
      }
    }
  }
}
