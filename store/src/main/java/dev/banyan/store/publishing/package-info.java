/// What a worker sends to all who want it: its writes, numbered and chained by tag, in batches.
@NullMarked
package dev.banyan.store.publishing;

import org.jspecify.annotations.NullMarked;
