/// The simulator: virtual clock and network, faults. It drives the real node
/// and the real store through the real codec, and everything follows one seed. Nothing waits for real time or opens a
/// socket. The only rules of the protocol written a second time are those that a checker holds against the node
/// ([dev.banyan.sim.run.Run] has them all on): what it knows comes from the messages alone.
///
/// *Quiet* means: for longer than any wait of a node (25 s by default) nothing has happened but timers and heartbeats.
@NullMarked
package dev.banyan.sim;

import org.jspecify.annotations.NullMarked;
