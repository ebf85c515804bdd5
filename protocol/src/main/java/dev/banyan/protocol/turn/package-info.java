/// What all parts of a node share while it handles one event: the time, the timers it awaits, where effects go, the
/// node's own place in the tree, the tree's clock, and its counters. Nothing here knows of links or of what others say.
@NullMarked
package dev.banyan.protocol.turn;

import org.jspecify.annotations.NullMarked;
