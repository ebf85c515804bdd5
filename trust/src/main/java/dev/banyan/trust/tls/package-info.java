/// TLS between nodes of one group: an X.509 certificate around a node's own, and engines that believe the group's operator and no other
/// authority. What to do about a peer that is not believed is not said here.
@NullMarked
package dev.banyan.trust.tls;

import org.jspecify.annotations.NullMarked;
