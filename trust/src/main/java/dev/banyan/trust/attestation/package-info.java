/// What proves to a key service which program asks it for secrets, in the words of RFC 9334: a platform makes evidence, the
/// key service verifies and appraises it by a policy that its operator has written.
@NullMarked
package dev.banyan.trust.attestation;

import org.jspecify.annotations.NullMarked;
