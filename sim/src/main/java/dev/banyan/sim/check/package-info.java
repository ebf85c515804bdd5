/// Checkers: each watches a run, knows only what messages say, and throws a [dev.banyan.sim.Violation] when an invariant
/// does not hold.
@NullMarked
package dev.banyan.sim.check;

import org.jspecify.annotations.NullMarked;
