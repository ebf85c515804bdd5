/// Asking the holders of a tag until nothing of it can be missing here: when, in which order, how long, how often.
@NullMarked
package dev.banyan.store.asking;

import org.jspecify.annotations.NullMarked;
