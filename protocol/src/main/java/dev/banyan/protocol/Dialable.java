package dev.banyan.protocol;

/// Whether a router's parent has found it where it says it is. Who is not found there is no place for others, whatever
/// it says of itself.
public enum Dialable {
  /// Not tried to the end yet, or no router.
  UNKNOWN,
  /// The node with that id, in that life, answered at the address.
  YES,
  /// Nobody answered there, or somebody else.
  NO
}
