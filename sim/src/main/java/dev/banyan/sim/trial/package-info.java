/// Trees that are measured rather than checked: large ones, steady ones, ones of which many die.
@NullMarked
package dev.banyan.sim.trial;

import org.jspecify.annotations.NullMarked;
