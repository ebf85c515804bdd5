/// Making replicas equal again after something was missed: digests, what is said again because of them, and which
/// questions follow. Each party waits a random time, and leaves unsaid what another has said.
@NullMarked
package dev.banyan.store.resync;

import org.jspecify.annotations.NullMarked;
