/// Peers that break the rules: puppets say what a scenario wants, liars change what an honest node says.
@NullMarked
package dev.banyan.sim.hostile;

import org.jspecify.annotations.NullMarked;
