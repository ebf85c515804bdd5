/// What gives way when there is too much: memory, tags that the parent takes, interest that nobody uses any more. What this
/// worker alone must keep never does.
@NullMarked
package dev.banyan.store.room;

import org.jspecify.annotations.NullMarked;
