package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.store.Sealing;

/// What somebody is said to have said is not believed. The message is one line that says why.
final class DisbeliefException extends Exception {
  private static final long serialVersionUID = 1;

  private final Sealing.Reason reason;

  DisbeliefException(Sealing.Reason reason, String why) {
    super(why);
    this.reason = reason;
  }

  DisbeliefException(CapsuleException why) {
    super(why.getMessage(), why);
    this.reason = Capsules.reason(why.fault());
  }

  Sealing.Reason reason() {
    return reason;
  }
}
