/// Workers write and read while things go wrong, with clocks and memory that are not what they should be.
@NullMarked
package dev.banyan.sim.scenario.store;

import org.jspecify.annotations.NullMarked;
