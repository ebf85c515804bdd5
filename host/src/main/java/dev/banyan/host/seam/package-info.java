/// The seam between the two processes of a worker: what the enclave (store, records, keys) and the host (node, links, sockets) say to
/// each other, and its bytes. Neither believes the other: whatever comes in is bounded and checked before it is used. Nothing here knows
/// a store or a key.
@NullMarked
package dev.banyan.host.seam;

import org.jspecify.annotations.NullMarked;
