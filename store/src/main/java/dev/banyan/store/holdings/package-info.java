/// What a worker holds: entries with their newest writes and a little history, those it stands for and those on the shelf,
/// and checksums by which two holders compare. Why they are held is not known here.
@NullMarked
package dev.banyan.store.holdings;

import org.jspecify.annotations.NullMarked;
