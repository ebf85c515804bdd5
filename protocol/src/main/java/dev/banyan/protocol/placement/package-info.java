/// Places for others (§2.2): who takes a joiner, who has promised what, which child routers can be dialled at all, and
/// whose settings do not fit this tree. The node's own place is in `join`.
@NullMarked
package dev.banyan.protocol.placement;

import org.jspecify.annotations.NullMarked;
