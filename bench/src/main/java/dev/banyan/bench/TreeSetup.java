package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.transport.IoEngine;
import dev.banyan.transport.TcpOptions;
import java.time.Duration;

/// How the nodes of a tree of real nodes are set up, whatever is then measured of it.
///
/// @param heartbeat in whole milliseconds
/// @param childRouters a router takes at most
/// @param childClients a router takes at most
/// @param loops event loops of a process
public record TreeSetup(
    Duration heartbeat, int childRouters, int childClients, int loops, IoEngine engine) {

  public TreeSetup {
    require(heartbeat.toMillis() > 0, "the heartbeat: at least a millisecond");
    require(loops >= 1, "loops must be positive");
  }

  TreeConfig config() {
    return TreeConfig.DEFAULT
        .withCapacity(new TreeConfig.Capacity(childRouters, childClients))
        .withTiming(TreeConfig.Timing.DEFAULT.withHeartbeat(heartbeat.toNanos()));
  }

  TcpOptions tcp() {
    return TcpOptions.DEFAULT.withEngine(engine).withLoops(loops);
  }
}
