package dev.banyan.protocol.placement;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parent dials its child routers back: only who is found at the address it gives, with its id and in its present life,
/// is a place for others. A few at a time, once when a router attaches; again and again, ever more seldom, while it fails;
/// and when joiners that were sent there come back.
///
/// A probe is a link on which both say `Hello`, and nothing else. Clients are not probed: nobody need reach them.
public final class Probing {

  /// Under way at one time: what one node can be made to dial is bounded. A guess.
  private static final int MAX_AT_ONCE = 8;

  /// What follows from what was found.
  public interface Listener {
    /// Whether the child can be dialled has changed.
    void found(Link child, Dialable dialable);

    void leave(Link probe, String cause);
  }

  private record Probe(Link child, Link link, long deadlineNanos) {}

  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Tally tally;
  private final Listener listener;
  private Map<LinkId, Probe> underWay = RareMap.none();

  public Probing(TreeConfig config, Links links, Turn turn, Tally tally, Listener listener) {
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.tally = tally;
    this.listener = listener;
  }

  /// Dials whom it is time for. To be called whenever a child router has attached, or has come under suspicion.
  public void look() {
    while (underWay.size() < MAX_AT_ONCE && next() instanceof Link child) {
      dial(child);
    }
    arm();
  }

  /// Who is to be dialled now: newcomers first.
  private @Nullable Link next() {
    Link next = null;
    for (Link link : links.childRouters()) {
      if (isDue(link) && (next == null || link.child().repute().isNew())) {
        if (link.child().repute().isNew()) {
          return link;
        }
        next = link;
      }
    }
    return next;
  }

  private boolean isDue(Link link) {
    return awaitsProbe(link) && link.child().repute().dueNanos() - turn.nowNanos() <= 0;
  }

  private static boolean awaitsProbe(Link link) {
    return link.child().repute().awaitsProbe();
  }

  private void dial(Link child) {
    if (child.child().address().equals(Address.NONE)) {
      notReached(child);
      return;
    }
    child.child().repute().probing();
    Link link = links.dial(Link.Role.PROBE, child.child().address(), turn);
    underWay = RareMap.writable(underWay);
    underWay.put(
        link.id(), new Probe(child, link, turn.nowNanos() + config.timing().longestJoinNanos()));
  }

  private void arm() {
    long soonest = Long.MAX_VALUE;
    for (Probe probe : underWay.values()) {
      soonest = Math.min(soonest, probe.deadlineNanos() - turn.nowNanos());
    }
    if (underWay.size() < MAX_AT_ONCE) {
      for (Link link : links.childRouters()) {
        if (awaitsProbe(link)) {
          soonest = Math.min(soonest, link.child().repute().dueNanos() - turn.nowNanos());
        }
      }
    }
    if (soonest == Long.MAX_VALUE) {
      turn.disarm(TreeTimer.PROBE);
    } else {
      turn.arm(TreeTimer.PROBE, Math.max(0, soonest));
    }
  }

  public void onTimer() {
    List<Probe> late = new ArrayList<>();
    for (Probe probe : underWay.values()) {
      if (probe.deadlineNanos() - turn.nowNanos() <= 0) {
        late.add(probe);
      }
    }
    for (Probe probe : late) {
      end(probe, false);
    }
    look();
  }

  /// Whoever answers at the child's address has said who it is.
  public void onGreeted(Link link) {
    Probe probe = underWay.get(link.id());
    if (probe != null) {
      end(
          probe,
          link.isTo(probe.child().peer())
              && link.peerIncarnation() == probe.child().peerIncarnation());
      look();
    }
  }

  /// The link is gone; it is removed already.
  public void onLost(Link link) {
    Probe probe = underWay.get(link.id());
    if (probe != null) {
      end(probe, false);
      look();
    }
  }

  /// The child is gone, and what was to be found out about it matters no more.
  public void onChildGone(Link child) {
    for (Probe probe : List.copyOf(underWay.values())) {
      if (probe.child() == child) {
        underWay.remove(probe.link().id());
        leave(probe);
        look();
      }
    }
  }

  private void leave(Probe probe) {
    if (links.get(probe.link().id()) == probe.link()) {
      listener.leave(probe.link(), "only looked whether somebody is here");
    }
  }

  private void end(Probe probe, boolean reached) {
    underWay.remove(probe.link().id());
    leave(probe);
    Link child = probe.child();
    if (links.get(child.id()) != child) {
      return;
    }
    if (!reached) {
      notReached(child);
    } else if (child.child().repute().reached()) {
      listener.found(child, Dialable.YES);
    }
  }

  private void notReached(Link child) {
    tally.count(Tally.Count.PROBES_FAILED);
    if (child
        .child()
        .repute()
        .notReached(turn.nowNanos(), config.timing().heartbeatNanos(), turn)) {
      listener.found(child, Dialable.NO);
    }
  }
}
