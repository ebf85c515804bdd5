/// Running nodes: a machine of the core, wired to sockets, configured by an operator. What the long-running commands,
/// the local cluster and the demonstration have in common.
@NullMarked
package dev.banyan.node;

import org.jspecify.annotations.NullMarked;
