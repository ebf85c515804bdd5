/// The simulator and the figures as commands; the list of all figures.
@NullMarked
package dev.banyan.studio.lab;

import org.jspecify.annotations.NullMarked;
