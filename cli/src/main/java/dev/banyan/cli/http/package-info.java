/// A small HTTP/1.1 server for a node's door and its metrics: blocking, one virtual thread for each connection, everything
/// within limits. It knows nothing of stores and trees.
///
/// The JDK's own server is not used because it spins when the process has no file descriptors left, cuts connections
/// unanswered at a stop, and answers some malformed requests in HTML and others not at all.
@NullMarked
package dev.banyan.cli.http;

import org.jspecify.annotations.NullMarked;
