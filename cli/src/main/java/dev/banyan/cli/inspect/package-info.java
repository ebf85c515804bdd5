/// Looking into what was captured.
@NullMarked
package dev.banyan.cli.inspect;

import org.jspecify.annotations.NullMarked;
