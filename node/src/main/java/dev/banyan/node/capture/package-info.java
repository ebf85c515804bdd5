/// Frames that came in at a node, written to a file and read again, and what is in them: as a router sees it, and as a member does.
@NullMarked
package dev.banyan.node.capture;

import org.jspecify.annotations.NullMarked;
