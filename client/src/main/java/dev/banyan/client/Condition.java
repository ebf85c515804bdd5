package dev.banyan.client;

/// What must hold for a write to be made. It is checked by one worker alone, against what that worker holds: it guards the
/// callers of one worker against each other, and is no lock among workers. Two workers may both accept a conditional write
/// at the same time; then the greater version wins everywhere.
public sealed interface Condition {

  /// The key must be absent.
  record IfAbsent() implements Condition {}

  /// The newest version of the key must be this one.
  record IfVersion(Version version) implements Condition {}

  /// The write is made only if the key is absent.
  static Condition ifAbsent() {
    return new IfAbsent();
  }

  /// The write is made only if the newest version of the key is this one.
  static Condition ifVersion(Version version) {
    return new IfVersion(version);
  }
}
