package dev.banyan.sim;

import dev.banyan.protocol.LinkId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/// What can go wrong, done on purpose. Every fault is an event of the trace.
public final class Faults {

  private final Cluster cluster;
  private final Network network;

  Faults(Cluster cluster, Network network) {
    this.cluster = cluster;
    this.network = network;
  }

  /// The process dies without a word; peers see their connections reset.
  public void crash(SimNode node) {
    if (!node.alive()) {
      throw new IllegalStateException(node + " is not alive");
    }
    network.crash(node);
    cluster.end(node, "crash");
  }

  /// The machine loses power: nobody is told, and what is sent to it is lost. Only when it is up again does it answer
  /// to what comes on old connections, with a reset.
  public void vanish(SimNode node) {
    if (!node.alive()) {
      throw new IllegalStateException(node + " is not alive");
    }
    disturb(node, "vanish");
    network.vanish(node);
    node.powerless = true;
    cluster.end(node, "gone without a word");
  }

  /// The process stops and says nothing: its sockets stay open, what is sent to it piles up.
  public void hang(SimNode node) {
    if (!node.up()) {
      throw new IllegalStateException(node + " is not up");
    }
    disturb(node, "hang");
    node.state = SimNode.State.HUNG;
  }

  /// Ends [#hang].
  public void resume(SimNode node) {
    if (node.state != SimNode.State.HUNG) {
      throw new IllegalStateException(node + " does not hang");
    }
    disturb(node, "resume");
    node.state = SimNode.State.UP;
    network.heldUp().resume(node);
  }

  /// The connection breaks: what is under way is lost, both sides learn it at once.
  ///
  /// @return whether there was such a link
  public boolean cut(SimNode node, LinkId link) {
    LinkEnd end = node.links.get(link.value());
    if (end == null) {
      return false;
    }
    cluster.mark(node, "cut " + end);
    cluster.disturbed(node);
    network.cut(end, "connection reset");
    return true;
  }

  /// Breaks the link between a node and its present parent, if it has one.
  public boolean cutFromParent(SimNode node) {
    return node.view()
        .flatMap(view -> view.parentLink())
        .map(link -> cut(node, link))
        .orElse(false);
  }

  /// Breaks one of the node's links, any.
  public boolean cutSome(SimNode node, RandomGenerator random) {
    List<LinkId> links = new ArrayList<>();
    node.links.forEach(end -> links.add(end.id));
    return !links.isEmpty() && cut(node, links.get(random.nextInt(links.size())));
  }

  /// Nothing passes between these nodes and the rest until [#heal]; what is sent waits. Nested partitions are not:
  /// each call replaces the one before.
  public void partition(Collection<SimNode> nodes) {
    heal();
    for (SimNode node : nodes) {
      disturb(node, "partitioned");
      node.side = 1;
    }
  }

  public void heal() {
    boolean healed = false;
    for (SimNode node : cluster.nodes()) {
      if (node.side != 0) {
        disturb(node, "healed");
        node.side = 0;
        healed = true;
      }
    }
    if (healed) {
      cluster
          .nodes()
          .forEach(network.heldUp()::release); // ends whose peers are gone hold the news of that
    }
  }

  /// The host's own line gets this bad.
  public void slow(SimNode node, LinkProfile line) {
    disturb(node, "slow: " + line);
    node.line = line;
    network.reprofile(node);
  }

  /// Ends [#slow].
  public void fast(SimNode node) {
    disturb(node, "fast again");
    node.line = null;
    network.reprofile(node);
  }

  /// Breaks the link to the parent, whichever it is then, this often.
  public void flap(SimNode node, int times, Duration every) {
    if (times > 0) {
      cluster.after(
          every,
          () -> {
            if (node.alive()) {
              cutFromParent(node);
            }
            flap(node, times - 1, every);
          });
    }
  }

  /// Ends every partition, hang and slowness. Nodes that are down stay down.
  public void healAll() {
    heal();
    for (SimNode node : cluster.nodes()) {
      if (node.line != null) {
        fast(node);
      }
      if (node.state == SimNode.State.HUNG) {
        resume(node);
      }
    }
  }

  /// Whether some node hangs, is cut off or slow at this moment.
  public boolean ongoing() {
    for (SimNode node : cluster.nodes()) {
      if (node.side != 0 || node.line != null || node.state == SimNode.State.HUNG) {
        return true;
      }
    }
    return false;
  }

  private void disturb(SimNode node, String how) {
    node.disturbedAtNanos = cluster.nowNanos();
    cluster.mark(node, how);
    cluster.disturbed(node);
  }
}
