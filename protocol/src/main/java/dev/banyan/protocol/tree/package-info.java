/// The node itself. It knows who may say what on which link, hands each event to the part that answers it, says what it is
/// in heartbeats, and tells observers what it knows. Whoever runs a node needs this package and the vocabulary of
/// `dev.banyan.protocol`; the others are how it is done.
@NullMarked
package dev.banyan.protocol.tree;

import org.jspecify.annotations.NullMarked;
