/// The node's links by their roles, and all that is known of the neighbour at the other end: what a child says of its
/// subtree and wants, what it was answered and may do; what a parent was told and has answered. Each kind of state has one
/// owner here, with its legal transitions; nothing here decides or sends anything.
@NullMarked
package dev.banyan.protocol.link;

import org.jspecify.annotations.NullMarked;
