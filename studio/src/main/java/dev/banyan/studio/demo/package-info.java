/// The demonstration of the paper's section 6.1 with real nodes over real sockets: members join at random, a YCSB
/// workload runs through the workers' stores, members die or hang at random until only the root is left; all of it
/// watched, checked and written up. What must not live here: anything a node needs to run.
@NullMarked
package dev.banyan.studio.demo;

import org.jspecify.annotations.NullMarked;
