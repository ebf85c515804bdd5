/// A worker in two processes: this one, the enclave, with its store, keys and door, and the host, with its node and its links. The process that the
/// user starts is the enclave, which reads the secrets; it starts the host and tells it what is not secret.
@NullMarked
package dev.banyan.node.enclave;

import org.jspecify.annotations.NullMarked;
