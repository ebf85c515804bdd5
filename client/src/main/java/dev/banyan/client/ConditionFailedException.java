package dev.banyan.client;

import java.util.Optional;

/// The [Condition] of a write does not hold. Nothing was written.
public final class ConditionFailedException extends BanyanException {

  private final transient Optional<Revision> current;

  /// @param current what is there instead; empty when the key is absent
  public ConditionFailedException(String line, Optional<Revision> current) {
    super(line, null);
    this.current = current;
  }

  /// What is there instead; empty when the key is absent.
  public Optional<Revision> current() {
    return current;
  }
}
