/// Links are slow, narrow and far.
@NullMarked
package dev.banyan.sim.scenario.link;

import org.jspecify.annotations.NullMarked;
