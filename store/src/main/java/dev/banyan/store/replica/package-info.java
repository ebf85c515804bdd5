/// What becomes of a write that was made here or came in: merged, refused, forgotten, or put in doubt after an absence.
@NullMarked
package dev.banyan.store.replica;

import org.jspecify.annotations.NullMarked;
