/// What one write of one key is made of and how it travels: names and their tags, payloads, the version it is ordered by
/// and the clock that gives it. Bytes of others are checked here. Nothing here is held.
@NullMarked
package dev.banyan.store.write;

import org.jspecify.annotations.NullMarked;
