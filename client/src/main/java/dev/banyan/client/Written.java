package dev.banyan.client;

/// A write, or a deletion, that was made.
///
/// @param version names this write; see [Condition#ifVersion]
/// @param cutOff the worker was cut off from the tree: others hear of the write when it is back
public record Written(String key, Version version, boolean cutOff) {}
