package dev.banyan.protocol.link;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A node's children in the order in which they attached, and the routers among them, to which alone joiners are sent. What
/// is looked for among them stands in arrays of its own: a child itself is mostly in no cache.
final class Children {

  private static final Link[] NONE = {};
  private static final long[] NO_NODES = {};
  private static final int[] NO_SLOTS = {};

  // Replaced, not changed.
  private Link[] all = NONE;
  private Link[] routers = NONE;

  // Of each of all: the node, and its place among those who want a tag, which rises.
  private long[] nodes = NO_NODES;
  private int[] slots = NO_SLOTS;

  Link[] all() {
    return all;
  }

  Link[] routers() {
    return routers;
  }

  int count(NodeKind kind) {
    return switch (kind) {
      case ROUTER -> routers.length;
      case CLIENT -> all.length - routers.length;
      case ROOT, OBSERVER -> 0;
    };
  }

  /// A link becomes a child's, with a slot above all others.
  void add(Link link) {
    int n = all.length;
    all = with(all, link);
    nodes = Arrays.copyOf(nodes, n + 1);
    nodes[n] = link.peer().value();
    slots = Arrays.copyOf(slots, n + 1);
    slots[n] = link.child().slot();
    if (link.peerKind() == NodeKind.ROUTER) {
      routers = with(routers, link);
    }
  }

  /// A child that is there has gone.
  void remove(Link link) {
    int n = all.length - 1;
    int gone = Arrays.binarySearch(slots, link.child().slot());
    all = without(all, gone);
    long[] fewerNodes = Arrays.copyOf(nodes, n);
    System.arraycopy(nodes, gone + 1, fewerNodes, gone, n - gone);
    nodes = fewerNodes;
    int[] fewerSlots = Arrays.copyOf(slots, n);
    System.arraycopy(slots, gone + 1, fewerSlots, gone, n - gone);
    slots = fewerSlots;
    if (link.peerKind() == NodeKind.ROUTER) {
      routers = without(routers, Arrays.asList(routers).indexOf(link));
    }
  }

  @Nullable Link find(NodeId node) {
    long sought = node.value();
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] == sought) {
        return all[i];
      }
    }
    return null;
  }

  @Nullable Link bySlot(int slot) {
    int i = Arrays.binarySearch(slots, slot);
    return i < 0 ? null : all[i];
  }

  private static Link[] with(Link[] links, Link more) {
    Link[] grown = Arrays.copyOf(links, links.length + 1);
    grown[links.length] = more;
    return grown;
  }

  private static Link[] without(Link[] links, int gone) {
    Link[] fewer = new Link[links.length - 1];
    System.arraycopy(links, 0, fewer, 0, gone);
    System.arraycopy(links, gone + 1, fewer, gone, fewer.length - gone);
    return fewer;
  }
}
