/// What others say to the replicated key-value store of a worker, and what it says to them: commands, outcomes, settings,
/// versions, and the seams for tags and encryption. It depends on no other package of the store; the worker itself is in
/// `worker`, on top of all of them.
///
/// The store is one pure state machine around the node of `dev.banyan.protocol`, which it knows by events and upcalls alone
/// (`worker` says which). The same code runs over TCP and in the
/// simulator, so it touches no threads, sockets, files, wall clocks or global randomness, and iterates in a defined order.
@NullMarked
package dev.banyan.store;

import org.jspecify.annotations.NullMarked;
