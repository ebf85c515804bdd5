/// How things are written for people and for machines: numbers in words, revisions on one line, JSON. Knows nothing of
/// nodes.
@NullMarked
package dev.banyan.node.text;

import org.jspecify.annotations.NullMarked;
