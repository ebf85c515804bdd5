/// Commands that explain the others.
@NullMarked
package dev.banyan.studio.help;

import org.jspecify.annotations.NullMarked;
