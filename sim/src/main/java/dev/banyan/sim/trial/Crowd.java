package dev.banyan.sim.trial;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import java.time.Duration;
import java.util.List;

/// A root, routers and clients, all bare nodes, that join one after the other; and clients that multicast to everybody.
public final class Crowd {

  private static final Duration APART = Duration.ofMillis(1);
  private static final int PAYLOAD_BYTES = 64;

  private final Cluster cluster;
  private final TreeConfig config;
  private final int routers;
  private final int clients;
  private long sequence;

  /// @param routers besides the root; they join before the clients
  public Crowd(ClusterOptions options, TreeConfig config, int routers, int clients) {
    this.cluster = new Cluster(options);
    this.config = config;
    this.routers = routers;
    this.clients = clients;
  }

  /// Nodes of which one in ten is a router.
  ///
  /// @param nodes besides the root
  static Crowd ofNodes(ClusterOptions options, TreeConfig config, int nodes) {
    return new Crowd(options, config, nodes / 10, nodes - nodes / 10);
  }

  public Cluster cluster() {
    return cluster;
  }

  /// Starts everybody, a millisecond apart. The last ones may still be looking for a place when it returns.
  public void join() {
    cluster.start(cluster.add(NodeSpec.tree(NodeKind.ROOT, config)));
    for (int i = 0; i < routers + clients; i++) {
      NodeKind kind = i < routers ? NodeKind.ROUTER : NodeKind.CLIENT;
      cluster.start(cluster.add(NodeSpec.tree(kind, config)));
      cluster.run(APART);
    }
  }

  /// The clients that are up.
  public List<SimNode> clients() {
    return cluster.nodes().stream()
        .filter(node -> node.kind() == NodeKind.CLIENT && node.up())
        .toList();
  }

  /// The sequence of the multicast that was made last; 0 before the first.
  long newest() {
    return sequence;
  }

  /// Has a client multicast a record without a tag, now.
  ///
  /// @return the record's sequence, which no other multicast of this crowd has
  public long multicast(SimNode writer) {
    sequence++;
    Record record =
        new Record(
            new long[0],
            writer.id(),
            new Session(1, 1),
            sequence,
            new long[0],
            Bytes.wrap(new byte[PAYLOAD_BYTES]));
    cluster.submit(writer, new Event.Publish(List.of(record)));
    return sequence;
  }
}
