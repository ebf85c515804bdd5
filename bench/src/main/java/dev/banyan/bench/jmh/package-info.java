/// Micro-benchmarks of the node's hot paths, of interest filters and of the codec, to be run by JMH. Public, because
/// JMH's generated code reaches for them; nothing else should.
@NullMarked
package dev.banyan.bench.jmh;

import org.jspecify.annotations.NullMarked;
