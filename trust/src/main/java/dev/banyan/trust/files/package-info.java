/// The operator's folder and the files of nodes: read with one clear line about what is wrong, written so that neither a crash nor a
/// second program leaves half of one, and never over a secret that is there.
@NullMarked
package dev.banyan.trust.files;

import org.jspecify.annotations.NullMarked;
