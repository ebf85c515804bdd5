/// The node: one pure, single-threaded state machine for root router, intermediate router and client (§2, §3).
/// Events go in through one door, effects come out in order; time is an argument, randomness a seeded generator
/// handed in. What must not live here: threads, sockets, files, wall clocks, encodings, and what a record's bytes mean.
@NullMarked
package dev.banyan.protocol;

import org.jspecify.annotations.NullMarked;
