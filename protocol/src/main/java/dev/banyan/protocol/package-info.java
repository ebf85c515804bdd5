/// What a node and whoever runs it speak: identities, messages, events that go in, effects that come out, settings. It
/// depends on none of the packages below it.
///
/// The node is one pure, single-threaded state machine for root router, intermediate router and client (§2, §3): events go
/// in through one door, effects come out in order; time is an argument, randomness a seeded generator handed in. It is
/// `TreeNode` in `tree`, and made of `turn` and `link` (what it knows), `interest`, `forwarding`, `dispatch` (what passes
/// through it), `join`, `placement`, `balance` (who is whose child). Other modules use this package and `tree`, no others.
///
/// What must not live here: threads, sockets, files, wall clocks, encodings, and what a record's bytes mean.
@NullMarked
package dev.banyan.protocol;

import org.jspecify.annotations.NullMarked;
