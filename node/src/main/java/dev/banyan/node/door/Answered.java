package dev.banyan.node.door;

import dev.banyan.store.StoreOutcome;
import org.jspecify.annotations.Nullable;

/// What the worker has answered, with the room that it has until it is sent.
///
/// @param outcome null when there was no room for it: it was dropped, and can be asked for again
/// @param bytes how much room it takes
public record Answered(@Nullable StoreOutcome outcome, long bytes, BodyBudget.@Nullable Room room) {

  /// Finds room for an outcome, or drops it.
  public static Answered of(StoreOutcome outcome, BodyBudget bodies) {
    long bytes = BodyBudget.bytes(outcome);
    BodyBudget.Room room = bodies.takeNow(bytes);
    return new Answered(room == null ? null : outcome, bytes, room);
  }

  /// Keeps an outcome if it fits into room that there is already, or drops it.
  public static Answered within(BodyBudget.Room room, StoreOutcome outcome) {
    long bytes = BodyBudget.bytes(outcome);
    return new Answered(room.suffices(bytes) ? outcome : null, bytes, room);
  }

  public void giveBack() {
    if (room != null) {
      room.close();
    }
  }
}
