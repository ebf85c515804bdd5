/// TCP with Netty: links, timers, and the loop that drives one node on one thread. It feeds events
/// and carries out effects in their order; what a node decides belongs to `dev.banyan.protocol`,
/// and how a message looks as bytes to `dev.banyan.wire`. Every queue here is bounded, and a slow
/// link never stalls its siblings.
@NullMarked
package dev.banyan.transport;

import org.jspecify.annotations.NullMarked;
