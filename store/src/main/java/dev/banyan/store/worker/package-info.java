/// The whole store around a node of the tree: the [Worker][dev.banyan.store.worker.Worker] that drivers talk to, which puts the parts together, and the
/// commands of users. Nothing else in the store depends on it.
@NullMarked
package dev.banyan.store.worker;

import org.jspecify.annotations.NullMarked;
