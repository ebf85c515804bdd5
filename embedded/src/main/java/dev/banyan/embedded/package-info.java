/// Workers in a program's own process, behind the same interface as those in others, and whole trees for its tests.
///
/// ```java
/// try (Banyan banyan = EmbeddedBanyan.join("10.0.0.1:7070")) {
///   banyan.put("robot/7/pose", "x=1 y=2");
/// }
/// ```
///
/// [EmbeddedBanyan] is a worker; [BanyanCluster] is a tree of root, routers and workers, for tests. Nothing here handles
/// signals, ends the process, or sets up its logging; no port is opened that was not asked for. What must not come in here:
/// anything that a client of a worker's door cannot do.
@NullMarked
package dev.banyan.embedded;

import org.jspecify.annotations.NullMarked;
