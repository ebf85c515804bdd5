package dev.banyan.bench.jmh;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A root and clients attached to it, in one thread's memory.
final class MemoryTree {

  private static final Address ROOT_ADDRESS = new Address("root", 1);
  private static final long HEARTBEAT_NANOS = TreeConfig.DEFAULT.timing().heartbeatNanos();

  private final MemoryHost host = new MemoryHost();
  private final TreeNode root = node(NodeKind.ROOT, 1, ROOT_ADDRESS, List.of());
  private final List<MemoryHost.Member> clients = new ArrayList<>();

  MemoryTree(int clientCount) {
    host.start(ROOT_ADDRESS, root);
    List<TreeNode> nodes = new ArrayList<>();
    for (int i = 0; i < clientCount; i++) {
      TreeNode node = node(NodeKind.CLIENT, 100 + i, Address.NONE, List.of(ROOT_ADDRESS));
      nodes.add(node);
      clients.add(host.start(Address.NONE, node));
    }
    host.pass(HEARTBEAT_NANOS / 10);
    for (TreeNode node : nodes) {
      if (node.view().parent().isEmpty()) {
        throw new IllegalStateException(node.identity() + " found no parent");
      }
    }
  }

  TreeNode root() {
    return root;
  }

  MemoryHost.Member client(int index) {
    return clients.get(index);
  }

  long nowNanos() {
    return host.nowNanos();
  }

  /// Lets time pass: whatever is gathered is sent.
  void pass(long nanos) {
    host.pass(nanos);
  }

  private static TreeNode node(NodeKind kind, long id, Address address, List<Address> roots) {
    return new TreeNode(
        Identity.of(new NodeId(id), kind, address, id),
        TreeConfig.DEFAULT,
        roots,
        new SplittableRandom(id),
        _ -> System.currentTimeMillis());
  }
}
