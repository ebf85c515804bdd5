/// What a worker wants and why, and whether it has missed any of it: interests, the book of them, the chains of writers'
/// records that show a loss. An interest changes only along the transitions listed on its class.
@NullMarked
package dev.banyan.store.interest;

import org.jspecify.annotations.NullMarked;
