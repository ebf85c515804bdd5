package dev.banyan.node.door;

import dev.banyan.store.Grounds;
import dev.banyan.store.StoreOutcome;
import java.time.Instant;

/// What the store says, in one line for people: the same through the door and in the worker's own process.
public final class OutcomeText {

  private OutcomeText() {}

  /// Whether there is such a key cannot be said: neither that there is none.
  public static String notKnown(String key, String why) {
    return "it is not known yet whether there is a key '" + key + "': " + why + "; ask again";
  }

  /// The worker has not heard from others within the time that the caller gave.
  public static String lateRead(String key) {
    return notKnown(key, "this worker does not hold it, and the others have not answered in time");
  }

  public static String of(StoreOutcome.Unreachable unreachable) {
    return notKnown(
        unreachable.key(),
        switch (unreachable.why()) {
          case CUT_OFF -> "this worker is cut off from the tree ('banyan status' says why)";
          case UNANSWERED -> "nobody has answered in time";
          case INCOMPLETE ->
              "not everybody who may hold it can be asked (the root has just started, or a node was lost lately or does"
                  + " not answer)";
        });
  }

  /// Of a key that is absent as far as the worker knows, which may have missed something.
  public static String staleAbsence(String key) {
    return notKnown(key, "this worker knew of none, but may have missed a write");
  }

  /// That there is no key, and on whose word.
  public static String absence(StoreOutcome.Absent absent) {
    String line = "no key '" + absent.key() + "'";
    return switch (absent.grounds()) {
      case Grounds.Trusted _, Grounds.Deleted _ -> line;
      case Grounds.Provisional _ -> line + " (provisional: no worker has confirmed it)";
      case Grounds.Confirmed(long since) ->
          line + " (confirmed by who has followed it since " + Instant.ofEpochMilli(since) + ")";
    };
  }

  public static String of(StoreOutcome.Conflict conflict) {
    return "the key '"
        + conflict.key()
        + "' is not here as the write expects: it is "
        + conflict
            .current()
            .map(revision -> (revision.deleted() ? "deleted, at " : "at ") + revision.version())
            .orElse("absent");
  }
}
