/// Links of a node that has an identity, and how they are proven where the node's key is in another process.
@NullMarked
package dev.banyan.host.links;

import org.jspecify.annotations.NullMarked;
