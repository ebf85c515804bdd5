/// The HTTP/1.1 server of a node's door and of its metrics. Netty takes connections and knows the protocol; what is added
/// is strictness, limits, and a seam where requests are served by blocking code, each on a virtual thread. It knows nothing
/// of stores and trees.
@NullMarked
package dev.banyan.node.http;

import org.jspecify.annotations.NullMarked;
