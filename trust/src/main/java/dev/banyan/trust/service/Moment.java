package dev.banyan.trust.service;

/// Now, by two clocks.
///
/// @param seconds since 1970, as people see it: it may be set
/// @param upSeconds since some moment of the past: it is never set
public record Moment(long seconds, long upSeconds) {}
