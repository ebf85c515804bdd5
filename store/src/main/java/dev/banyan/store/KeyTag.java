package dev.banyan.store;

/// A tag that the records of a key carry: the key's own, or that of one of its declared prefixes.
///
/// @param name the key, or the prefix
public record KeyTag(long tag, boolean prefix, String name) {}
