/// Commands that use the store through a worker's door.
@NullMarked
package dev.banyan.cli.store;

import org.jspecify.annotations.NullMarked;
