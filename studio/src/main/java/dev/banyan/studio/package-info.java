/// `banyan` with everything: the demonstration, the simulator, the figures and the benchmarks beside the commands of a
/// node. Nothing that runs in production needs what is in here.
@NullMarked
package dev.banyan.studio;

import org.jspecify.annotations.NullMarked;
