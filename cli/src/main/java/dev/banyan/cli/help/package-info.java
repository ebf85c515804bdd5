/// How help is laid out, and the words that shells offer.
@NullMarked
package dev.banyan.cli.help;

import org.jspecify.annotations.NullMarked;
