package dev.banyan.lab.reference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The tree of the published simulator, and the packets it costs. Everything happens at once: a task is dispatched, an
/// update delivered, a result returned before the next thing happens.
///
/// Hosts are numbered from 0, the root, in the order in which they join. The coordinator shares the root's address, so
/// its packets are the root's.
///
/// Counts grow with the packets, memory with hosts and with keys in use: no packet is an object.
public final class PublishedTree {

  /// For [#routerJoins]: a router that always has room.
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private final Rules rules;
  private final List<Host> hosts = new ArrayList<>();
  private final Deque<Host> descent = new ArrayDeque<>();
  private final long[] packets = new long[Packet.values().length];
  private final long[] rootPackets = new long[Packet.values().length];

  public PublishedTree(Rules rules) {
    this.rules = rules;
  }

  /// The root starts; one packet to itself.
  ///
  /// @param maxChildren it may have more when nobody else has room
  /// @throws IllegalStateException when there is a root already
  public int rootJoins(int maxChildren) {
    if (!hosts.isEmpty()) {
      throw new IllegalStateException("there is a root already");
    }
    hosts.add(new Host(0, true, maxChildren, null));
    send(root(), root(), Packet.ROOT_JOIN);
    return 0;
  }

  public int routerJoins(int maxChildren) {
    return join(true, maxChildren);
  }

  public int workerJoins() {
    return join(false, 0);
  }

  /// Depth-first, from the root: the first that has room, below whoever has fewest descendants. Where nobody has room,
  /// the root.
  private int join(boolean router, int maxChildren) {
    Host parent = root();
    while (!parent.hasRoom()) {
      Optional<Host> next = parent.roomiestChild();
      parent = next.orElse(root());
      if (next.isEmpty()) {
        break;
      }
    }
    Host joiner = new Host(hosts.size(), router, maxChildren, parent);
    hosts.add(joiner);
    parent.add(joiner);
    send(joiner, root(), Packet.JOIN);
    send(root(), joiner, Packet.ASSIGN_PARENT);
    send(root(), parent, Packet.ASSIGN_CHILD);
    return joiner.index;
  }

  /// Whether any worker has joined.
  public boolean hasWorkers() {
    return !hosts.isEmpty() && root().takesTasks();
  }

  public boolean isWorker(int host) {
    return !hosts.get(host).router;
  }

  public int hosts() {
    return hosts.size();
  }

  /// A task enters at the root and goes down to a worker. (The published simulator's workers filled all routers; here a
  /// router without a worker below is passed over, for a task cannot run there.)
  ///
  /// @param program the keys it writes, in order, repeated as often as it writes them
  /// @return the worker that has it now
  /// @throws IllegalStateException when there is no worker
  public int enqueue(int[] program) {
    if (!hasWorkers()) {
      throw new IllegalStateException("no worker has joined");
    }
    send(root(), root(), Packet.TASK);
    Host at = root();
    while (at.router) {
      Host child = at.dispatch(program);
      send(at, child, Packet.TASK);
      at = child;
    }
    return at.index;
  }

  /// A worker's task is done: its result goes up to the root, and from there to the coordinator.
  public void finish(int worker, int[] program) {
    Host at = worker(worker);
    for (Host up = at.parent; up != null; up = at.parent) {
      send(at, up, Packet.RESULT);
      up.resultFrom(at, program);
      at = up;
    }
    send(root(), root(), Packet.RESULT);
  }

  /// A worker wrote a key.
  public void update(int worker, int key) {
    Host from = worker(worker);
    for (Host at = from.parent; at != null; at = at.parent) {
      send(from, at, Packet.KEY_UPDATE);
      sendDown(at, from, key);
      from = at;
    }
  }

  private void sendDown(Host start, Host from, int key) {
    descent.push(start);
    while (!descent.isEmpty()) {
      Host at = descent.pop();
      for (Host child : receivers(at, key)) {
        if (child != from) {
          send(at, child, Packet.KEY_UPDATE);
          if (child.router) {
            descent.push(child);
          }
        }
      }
    }
  }

  private Collection<Host> receivers(Host at, int key) {
    if (!rules.sharded()) {
      return at.children;
    }
    return rules.keyZeroNeverGoesDown() && key == 0 ? List.of() : at.usersOf(key);
  }

  private void send(Host from, Host to, Packet packet) {
    packets[packet.ordinal()]++;
    from.packets++;
    if (from == to) {
      from.selfSends++;
    } else {
      to.packets++;
    }
    if (from.index == 0 || to.index == 0) {
      rootPackets[packet.ordinal()]++;
    }
  }

  private Host root() {
    if (hosts.isEmpty()) {
      throw new IllegalStateException("the root has not joined");
    }
    return hosts.getFirst();
  }

  private Host worker(int index) {
    Host host = hosts.get(Objects.checkIndex(index, hosts.size()));
    if (host.router) {
      throw new IllegalStateException("host " + index + " is no worker");
    }
    return host;
  }

  public long totalPackets() {
    long total = 0;
    for (long count : packets) {
      total += count;
    }
    return total;
  }

  public long packets(Packet packet) {
    return packets[packet.ordinal()];
  }

  public long rootPackets() {
    return packetsOf(0);
  }

  public long rootPackets(Packet packet) {
    return rootPackets[packet.ordinal()];
  }

  /// Packets that the host sent or received; those to itself once.
  public long packetsOf(int host) {
    return hosts.get(host).packets;
  }

  /// The same, but those to itself twice: once sent, once received.
  public long packetsSelfSendsTwiceOf(int host) {
    return hosts.get(host).packets + hosts.get(host).selfSends;
  }
}
