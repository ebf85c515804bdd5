/// Nodes come, go, hang, restart and are cut off.
@NullMarked
package dev.banyan.sim.scenario.churn;

import org.jspecify.annotations.NullMarked;
