/// A node's metrics, for Prometheus and what reads its formats.
@NullMarked
package dev.banyan.node.metrics;

import org.jspecify.annotations.NullMarked;
