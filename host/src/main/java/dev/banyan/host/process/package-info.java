/// The process that has a worker's node and links, and nothing secret: no store, no keys, no tag key. It begins as it is told by the enclave's
/// process, and ends with it.
@NullMarked
package dev.banyan.host.process;

import org.jspecify.annotations.NullMarked;
