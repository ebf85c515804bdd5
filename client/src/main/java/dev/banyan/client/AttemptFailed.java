package dev.banyan.client;

import dev.banyan.client.UnavailableException.Attempt;
import dev.banyan.client.UnavailableException.Why;

/// A call failed at one address; another one may do.
final class AttemptFailed extends Exception {

  private final transient Attempt attempt;
  private final boolean mayBeMade;

  /// @param mayBeMade if it is a write, it may have been made nevertheless
  AttemptFailed(DoorAddress door, Why why, String line, boolean mayBeMade) {
    super(line, null, false, false);
    this.attempt = new Attempt(door.text(), why, line);
    this.mayBeMade = mayBeMade;
  }

  /// What answers is no door.
  static AttemptFailed noDoor(DoorAddress door, String why) {
    return new AttemptFailed(
        door, Why.NO_DOOR, "what answers at " + door + " is no worker's door (" + why + ")", true);
  }

  Attempt attempt() {
    return attempt;
  }

  boolean mayBeMade() {
    return mayBeMade;
  }
}
