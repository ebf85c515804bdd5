/// Peers attack; everybody else is served.
@NullMarked
package dev.banyan.sim.scenario.attack;

import org.jspecify.annotations.NullMarked;
