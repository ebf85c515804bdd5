/// Benchmarks: JMH for the parts, and side-by-side comparisons of the whole with other systems.
/// Numbers are measured here and never asserted in tests; no code that the running system needs
/// lives here.
@NullMarked
package dev.banyan.bench;

import org.jspecify.annotations.NullMarked;
