/// The replicated key-value store of one worker: memtable, watches, epochs, repair and archive, as
/// one pure state machine around the node of `dev.banyan.protocol`. The same code runs over TCP
/// and in the simulator, so it touches no threads, sockets, files, wall clocks or global
/// randomness, and iterates in a defined order.
@NullMarked
package dev.banyan.store;

import org.jspecify.annotations.NullMarked;
