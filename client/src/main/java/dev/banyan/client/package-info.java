/// A client of Banyan for Java programs: read, write and watch keys through a worker's door.
///
/// ```java
/// try (Banyan banyan = Banyan.connect("127.0.0.1:7171")) {
///   banyan.put("robot/7/pose", "x=1 y=2");
///   String pose = banyan.get("robot/7/pose").map(Entry::text).orElse("unknown");
///   banyan.watch("robot/", event -> System.out.println(event));
/// }
/// ```
///
/// [Banyan] is the way in; [AsyncBanyan] has the same calls as futures. Whatever can go wrong is a [BanyanException], of a
/// kind that tells what to do. The package needs the JDK and nothing else; what must not come in here is any other module
/// of Banyan.
@NullMarked
package dev.banyan.client;

import org.jspecify.annotations.NullMarked;
