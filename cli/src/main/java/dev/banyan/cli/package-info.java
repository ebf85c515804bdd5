/// The `banyan` command: its subcommands, demo, dashboard, and the wiring of the other modules
/// into running processes. It parses, prints and connects; whatever another program could want to
/// reuse belongs to one of the modules below.
@NullMarked
package dev.banyan.cli;

import org.jspecify.annotations.NullMarked;
