/// Tasks on their way to a worker, and what came of them on its way back. Routing only: what a task is, and who runs it,
/// is the layer above's.
@NullMarked
package dev.banyan.protocol.dispatch;

import org.jspecify.annotations.NullMarked;
