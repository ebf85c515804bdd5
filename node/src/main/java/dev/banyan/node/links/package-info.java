/// Links of a node that has been given an identity: encrypted, both ends proven, and closed when a peer is believed no more.
@NullMarked
package dev.banyan.node.links;

import org.jspecify.annotations.NullMarked;
