/// Sets of 64-bit key tags: what a subtree is interested in (§2.6). An [dev.banyan.filter.InterestFilter] may
/// answer "yes" wrongly, never "no" wrongly. What must not live here: anything that knows of nodes, links or
/// messages; threads, clocks, randomness, I/O.
@NullMarked
package dev.banyan.filter;

import org.jspecify.annotations.NullMarked;
