/// What users watch: each change is told once its reader has room for it.
@NullMarked
package dev.banyan.store.watching;

import org.jspecify.annotations.NullMarked;
