/// A worker's local door: the store over HTTP for programs on the same machine (`docs/door.md`), and the client of it
/// that the command line uses.
@NullMarked
package dev.banyan.node.door;

import org.jspecify.annotations.NullMarked;
