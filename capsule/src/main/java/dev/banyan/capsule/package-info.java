/// What travels sealed (§1.1, §5.2): certificates that say who a member is, and batches of records that nobody but a member
/// can read, nobody but their writer can make, and anybody can cut down to the records that somebody wants. Formats
/// and their checking, pure: keys, salts, times come from outside, and the same code runs over TCP and in the simulator.
/// `docs/capsules.md` has the bytes. What must not live here: nodes, links, stores, files, clocks, randomness.
@NullMarked
package dev.banyan.capsule;

import org.jspecify.annotations.NullMarked;
