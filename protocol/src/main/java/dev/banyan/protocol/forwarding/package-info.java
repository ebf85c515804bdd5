/// Multicasts, the marks of those that were dropped, and questions to the holders of a tag, on their way through the node
/// (§2.3, §2.6).
@NullMarked
package dev.banyan.protocol.forwarding;

import org.jspecify.annotations.NullMarked;
