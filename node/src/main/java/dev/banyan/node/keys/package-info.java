/// The key service over TCP, and those who ask it: a node that joins with a token, a worker that needs newer secrets. What is said is in `trust.service`.
@NullMarked
package dev.banyan.node.keys;

import org.jspecify.annotations.NullMarked;
