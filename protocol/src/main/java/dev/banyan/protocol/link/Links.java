package dev.banyan.protocol.link;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The node's links by their roles, in the order in which they came.
public final class Links {

  private static final Link[] NONE = {};

  /// So many are found without a map: a client has one or two.
  private static final int FEW = 4;

  /// All there are, as long as they are few. Replaced, not changed.
  private Link[] few = NONE;

  /// All there are, once they were more.
  private @Nullable Map<LinkId, Link> many;

  private Map<Integer, Link> bySlot = RareMap.none();
  private Map<NodeId, Link> strangersByNode = RareMap.none();
  private Map<NodeId, Link> observers = RareMap.none();
  private final List<Link> uplinks = new ArrayList<>(1);
  private Link[] children = NONE;
  private @Nullable Link parent;
  private @Nullable Link oldParent;
  private long dialed;
  private int strangers;
  private int slots = TagSlots.FIRST_CHILD;

  @Nullable
  public Link get(LinkId id) {
    if (many != null) {
      return many.get(id);
    }
    for (Link link : few) {
      if (link.id().value() == id.value()) {
        return link;
      }
    }
    return null;
  }

  private void add(Link link) {
    if (many == null && few.length == FEW) {
      many = new LinkedHashMap<>();
      for (Link each : few) {
        many.put(each.id(), each);
      }
      few = NONE;
    }
    if (many != null) {
      many.put(link.id(), link);
    } else {
      few = with(few, link);
    }
  }

  public Collection<Link> all() {
    return many != null ? many.values() : Arrays.asList(few);
  }

  /// Children in the order in which they attached. Read only; replaced, not changed, when they change.
  public Link[] children() {
    return children;
  }

  /// A copy that survives changes made on the way through it.
  public List<Link> allNow() {
    return many != null ? new ArrayList<>(many.values()) : Arrays.asList(few);
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
    add(link);
    strangers++;
    return link;
  }

  public Link dial(Link.Role role, Address address, Turn turn) {
    Link link = new Link(new LinkId(++dialed), role, turn.nowNanos());
    add(link);
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
    bySlot = RareMap.writable(bySlot);
    bySlot.put(child.slot(), link);
    children = with(children, link);
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
    return bySlot.get(slot);
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
    if (many != null) {
      many.remove(link.id());
    } else {
      few = without(few, link);
    }
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
      bySlot.remove(link.child().slot());
      children = without(children, link);
    }
  }

  /// The child with this id.
  public Optional<Link> child(NodeId node) {
    for (Link link : children) {
      if (link.isTo(node)) {
        return Optional.of(link);
      }
    }
    return Optional.empty();
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

  public int count(NodeKind kind) {
    int count = 0;
    for (Link link : children) {
      if (link.peerKind() == kind) {
        count++;
      }
    }
    return count;
  }

  /// Clients below this node; saturates, as the numbers come from outside.
  public int clients() {
    long sum = 0;
    for (Link link : children) {
      sum += link.clients();
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }

  /// Routers below this node; saturates, as the numbers come from outside.
  public int routers() {
    long sum = 0;
    for (Link link : children) {
      if (link.peerKind() == NodeKind.ROUTER) {
        sum += link.child().routers() + 1L;
      }
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }

  private static Link[] with(Link[] links, Link more) {
    Link[] all = Arrays.copyOf(links, links.length + 1);
    all[links.length] = more;
    return all;
  }

  private static Link[] without(Link[] links, Link gone) {
    Link[] fewer = new Link[links.length - 1];
    int n = 0;
    for (Link link : links) {
      if (link != gone) {
        fewer[n++] = link;
      }
    }
    return fewer;
  }
}
