/// Commands that ask the tree what it looks like and why, and the drawings of what it says.
@NullMarked
package dev.banyan.cli.tree;

import org.jspecify.annotations.NullMarked;
