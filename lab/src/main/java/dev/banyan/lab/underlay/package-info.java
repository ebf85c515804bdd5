/// The network below the tree: routers and lines of an internet, hosts at its edge, and what multicasts over a tree of
/// hosts cost there, in time and in copies on the lines.
///
/// Its *routers* and *lines* are physical; those of the tree are hosts like all others here.
@NullMarked
package dev.banyan.lab.underlay;

import org.jspecify.annotations.NullMarked;
