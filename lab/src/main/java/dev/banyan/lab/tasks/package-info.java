/// Tasks on the real nodes: a coordinator at the root hands them in, the tree dispatches them, workers run them and write
/// through their stores, and every packet is counted. The same workloads as in `dev.banyan.sim.reference`, drawn from the
/// same generators; nothing of the published rules is in here.
@NullMarked
package dev.banyan.lab.tasks;

import org.jspecify.annotations.NullMarked;
