/// The benchmarks as commands.
@NullMarked
package dev.banyan.studio.bench;

import org.jspecify.annotations.NullMarked;
