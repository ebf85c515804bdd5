/// Who wants what (§2.6): the union of the subtree's interest on its way up, answers on their way down, how finely tags are
/// told apart, and how many tags each child may want.
@NullMarked
package dev.banyan.protocol.interest;

import org.jspecify.annotations.NullMarked;
