/// What the paper claims, put to the test: runs that measure a claim where no figure does ([ClaimsFigure]), and criteria
/// that turn measured numbers into a verdict ([Claims]). No verdict is written down here, and none depends on anything but
/// the rows of this very run.
@NullMarked
package dev.banyan.lab.claims;

import org.jspecify.annotations.NullMarked;
