package dev.banyan.protocol;

/// A timer is data: it fires as an event that names it, and one that is no longer awaited does nothing.
///
/// @param kind what it is for; each layer of a machine has its own kinds
/// @param generation tells the awaited one from stale ones of the same kind
public record Timer(Kind kind, long generation) {

  /// Implemented by one enum per layer.
  public interface Kind {}
}
