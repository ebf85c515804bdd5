/// A clean stop: what a worker alone holds is vouched for by others or handed to them, and what they hand over is kept.
@NullMarked
package dev.banyan.store.leaving;

import org.jspecify.annotations.NullMarked;
