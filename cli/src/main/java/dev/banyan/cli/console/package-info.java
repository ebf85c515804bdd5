/// What all commands share: mistakes of users and their exit codes, the terminal, folders, how much is logged.
@NullMarked
package dev.banyan.cli.console;

import org.jspecify.annotations.NullMarked;
