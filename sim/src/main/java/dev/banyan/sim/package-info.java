/// The simulator: virtual clock and network, faults, invariant checkers, workloads and figures. It
/// drives the real node and the real store through the real codec, and everything follows one
/// seed. No rule of the protocol is written a second time here, and nothing waits for real time or
/// opens a socket.
@NullMarked
package dev.banyan.sim;

import org.jspecify.annotations.NullMarked;
