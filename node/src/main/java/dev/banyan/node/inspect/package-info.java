/// The live tree as its routers tell it: surveying them from the root down, and drawing the answers.
@NullMarked
package dev.banyan.node.inspect;

import org.jspecify.annotations.NullMarked;
