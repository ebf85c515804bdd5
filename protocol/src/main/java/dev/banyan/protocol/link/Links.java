package dev.banyan.protocol.link;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The node's links by their roles, in the order in which they came.
public final class Links {

  private final LinkIndex index = new LinkIndex();
  private final Children children = new Children();
  private Map<NodeId, Link> strangersByNode = RareMap.none();
  private Map<NodeId, Link> observers = RareMap.none();
  private final List<Link> uplinks = new ArrayList<>(1);
  private @Nullable Link parent;
  private @Nullable Link oldParent;
  private long dialed;
  private int strangers;
  private int slots = TagSlots.FIRST_CHILD;

  @Nullable
  public Link get(LinkId id) {
    return index.get(id.value());
  }

  /// All there are now: a list that survives changes made on the way through it.
  public List<Link> allNow() {
    return index.toList();
  }

  /// Children in the order in which they attached. Read only; replaced, not changed, when they change.
  public Link[] children() {
    return children.all();
  }

  /// The routers among the children, likewise.
  public Link[] childRouters() {
    return children.routers();
  }

  @Nullable
  public Link parent() {
    return parent;
  }

  @Nullable
  public Link oldParent() {
    return oldParent;
  }

  public int strangers() {
    return strangers;
  }

  public Link accepted(LinkId id, long nowNanos) {
    Link link = new Link(id, Link.Role.STRANGER, nowNanos);
    index.add(link);
    strangers++;
    return link;
  }

  public Link dial(Link.Role role, Address address, Turn turn) {
    Link link = new Link(new LinkId(++dialed), role, turn.nowNanos());
    index.add(link);
    turn.effects().add(new Effect.OpenLink(link.id(), address));
    return link;
  }

  /// Links on which our interest is advertised: to the parent, to the one that is being left, to the one that is asked.
  public List<Link> uplinks() {
    return uplinks;
  }

  /// Our interest is advertised on this link from now on.
  public void carryUp(Link link, Turn turn) {
    link.carries(new Uplink(turn));
    uplinks.add(link);
  }

  public int nextSlot() {
    return slots++;
  }

  public void adopt(Link link, Child child) {
    noStranger(link);
    link.adopt(child);
    children.add(link);
  }

  private void noStranger(Link link) {
    strangers--;
    if (!link.greeted()) {
      return;
    }
    if (strangersByNode.get(link.peer()) == link) {
      strangersByNode.remove(link.peer());
    }
    if (observers.get(link.returnAddress()) == link) {
      observers.remove(link.returnAddress());
    }
  }

  /// The child that holds this place among those who want a tag, if it is a child's.
  @Nullable
  public Link bySlot(int slot) {
    return children.bySlot(slot);
  }

  public void setParent(Link link) {
    link.become(Link.Role.PARENT);
    parent = link;
  }

  /// The parent stays connected until a move is over.
  public void retireParent() {
    if (parent != null) {
      parent.become(Link.Role.OLD_PARENT);
      oldParent = parent;
      parent = null;
    }
  }

  /// The move failed: the old parent is the parent again.
  public void restoreOldParent(Link old) {
    oldParent = null;
    setParent(old);
  }

  public void remove(Link link) {
    if (link.isGone()) {
      return;
    }
    link.end();
    index.remove(link);
    uplinks.remove(link);
    if (link == parent) {
      parent = null;
    }
    if (link == oldParent) {
      oldParent = null;
    }
    if (link.role() == Link.Role.STRANGER) {
      noStranger(link);
    }
    if (link.isChild()) {
      children.remove(link);
    }
  }

  /// The child with this id.
  public Optional<Link> child(NodeId node) {
    return Optional.ofNullable(children.find(node));
  }

  /// The parent, old parent or child with this id.
  public Optional<Link> neighbour(NodeId node) {
    if (parent != null && parent.isTo(node)) {
      return Optional.of(parent);
    }
    if (oldParent != null && oldParent.isTo(node)) {
      return Optional.of(oldParent);
    }
    return child(node);
  }

  /// The peer of an accepted link has said who it is.
  public void greeted(Link stranger) {
    if (stranger.peerKind() == NodeKind.OBSERVER) {
      observers = RareMap.writable(observers);
      observers.put(stranger.returnAddress(), stranger);
    } else {
      strangersByNode = RareMap.writable(strangersByNode);
      strangersByNode.put(stranger.peer(), stranger);
    }
  }

  /// The observer to whom an answer goes back.
  public Optional<Link> observer(NodeId returnAddress) {
    return Optional.ofNullable(observers.get(returnAddress));
  }

  /// The latest link over which this node has said hello without being a child or an observer.
  public Optional<Link> stranger(NodeId node) {
    return Optional.ofNullable(strangersByNode.get(node));
  }

  /// Children of this kind.
  public int count(NodeKind kind) {
    return children.count(kind);
  }

  /// Clients below this node; saturates, as the numbers come from outside.
  public int clients() {
    long sum = children.count(NodeKind.CLIENT);
    for (Link link : children.routers()) {
      sum += link.child().clients();
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }

  /// Routers below this node; saturates, as the numbers come from outside.
  public int routers() {
    long sum = 0;
    for (Link link : children.routers()) {
      sum += link.child().routers() + 1L;
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }
}
