/// The node's own place (§2.2, §2.5): it calls roots, asks for a parent, attaches, moves make-before-break, and gives way
/// to another node that has its id. Places for others are in `placement`.
@NullMarked
package dev.banyan.protocol.join;

import org.jspecify.annotations.NullMarked;
