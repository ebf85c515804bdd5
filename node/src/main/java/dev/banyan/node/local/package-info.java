/// Nodes that are tried out on one machine: what a whole local tree needs that ends with its process.
@NullMarked
package dev.banyan.node.local;

import org.jspecify.annotations.NullMarked;
