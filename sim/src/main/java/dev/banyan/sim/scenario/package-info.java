/// All scenarios by name; a package for each kind.
@NullMarked
package dev.banyan.sim.scenario;

import org.jspecify.annotations.NullMarked;
