package dev.banyan.transport;

import dev.banyan.protocol.LinkId;

/// What went over one link so far, and what waits to.
///
/// @param peer the other end's socket address; empty while dialing
/// @param queuedBytes waiting to be sent, bookkeeping included
/// @param congested whether the node was told that this link is congested
/// @param takesBytesPerSecond how fast it took what was queued when it was last congested for long enough to measure; 0
///     if it never was
public record LinkStatistics(
    LinkId link,
    String peer,
    long framesIn,
    long bytesIn,
    long framesOut,
    long bytesOut,
    long queuedBytes,
    boolean congested,
    long takesBytesPerSecond) {}
