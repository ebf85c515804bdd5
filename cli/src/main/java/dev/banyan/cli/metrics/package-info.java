/// A node's metrics, for Prometheus and what reads its formats.
@NullMarked
package dev.banyan.cli.metrics;

import org.jspecify.annotations.NullMarked;
