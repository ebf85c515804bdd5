/// Which record an operation is on: YCSB's distributions (Cooper et al., SoCC 2010), drawn from a generator that is handed
/// in. No nodes and no time.
@NullMarked
package dev.banyan.lab.keys;

import org.jspecify.annotations.NullMarked;
