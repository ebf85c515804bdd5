/// What a scenario is made of: a run with its checkers, how its tree grows, what its workers write and read.
@NullMarked
package dev.banyan.sim.run;

import org.jspecify.annotations.NullMarked;
