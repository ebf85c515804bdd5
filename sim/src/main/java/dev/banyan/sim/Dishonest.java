package dev.banyan.sim;

/// A machine that does not keep to the protocol, and of which nothing is required but that others bear it.
public interface Dishonest {}
