/// Who is who (§5.2): the operator, who has one key that is kept off line; the group's configuration, which the operator signs, so that no
/// two members can disagree; the identities of nodes, one-time tokens to get one, and revocations. Formats and their
/// checking, pure: keys, salts and times come from outside. Files are in `files`. `docs/trust.md` has the bytes. What must not
/// live here: links, nodes, how capsules are sealed.
@NullMarked
package dev.banyan.trust;

import org.jspecify.annotations.NullMarked;
