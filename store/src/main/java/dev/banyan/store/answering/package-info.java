/// Answering the questions of others, in pieces, at a pace, and never with more certainty than there is.
@NullMarked
package dev.banyan.store.answering;

import org.jspecify.annotations.NullMarked;
