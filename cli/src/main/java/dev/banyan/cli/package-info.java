/// The `banyan` command as far as it runs nodes and asks them: it parses, prints and connects. Whatever another program
/// could want to reuse belongs to one of the modules below; the laboratory and the demonstration have commands of their
/// own in `studio`.
@NullMarked
package dev.banyan.cli;

import org.jspecify.annotations.NullMarked;
