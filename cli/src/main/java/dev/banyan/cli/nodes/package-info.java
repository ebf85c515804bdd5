/// Commands that run nodes: one root, router or worker, or a whole cluster to play with.
@NullMarked
package dev.banyan.cli.nodes;

import org.jspecify.annotations.NullMarked;
