package dev.banyan.protocol.balance;

import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What clients use, on its way to the root (§8.3.2): a client counts which tags cross its link most and tells, if the
/// root asks; routers pass that up, and the root's orders down.
///
/// A client tells when that has changed or its place has, and now and then anyway: whoever has lost it, a new root above
/// all, has it again soon.
public final class UsageReports {

  /// Tags told. A guess: a working set's most used ones.
  static final int TOLD = 16;

  /// What a report takes at most, more or less.
  private static final long USAGE_BYTES = 1_024;

  /// Intervals after which it tells even what has not changed. A guess.
  static final int REFRESH = 12;

  private final Identity identity;
  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Tally tally;
  private @Nullable Reassignment reassignment;
  private final TagCounts counts;
  private boolean asked;
  private boolean reassigning;
  private boolean moved;
  private int quiet;
  private Message.Usage told;

  public UsageReports(Identity identity, TreeConfig config, Links links, Turn turn, Tally tally) {
    this.identity = identity;
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.tally = tally;
    counts = new TagCounts(turn);
    told = usage(List.of());
  }

  /// From now on what is told goes to this one here, or (null) to the parent.
  public void goTo(@Nullable Reassignment own) {
    reassignment = own;
  }

  // A client.

  private boolean tells() {
    return asked && identity.kind() == NodeKind.CLIENT;
  }

  private void arm() {
    long interval = config.timing().rebalanceNanos();
    turn.arm(TreeTimer.USAGE, interval - interval / 8 + turn.jitterNanos(interval / 4 + 1));
  }

  /// A multicast of this node, or for it.
  public void passed(Multicast multicast) {
    if (tells()) {
      counts.count(multicast);
    }
  }

  /// What the parent says.
  ///
  /// @return whether that is news for those below
  public boolean told(Message.Heartbeat.FromParent beat) {
    boolean news = asked != beat.asksUsage() || reassigning != beat.reassigning();
    boolean told = tells();
    asked = beat.asksUsage();
    reassigning = beat.reassigning();
    if (tells() && !told) {
      arm();
    }
    return news;
  }

  /// Whether the root moves clients, as far as this node knows.
  public boolean reassigning() {
    return reassignment != null ? reassignment.isMoving() : reassigning;
  }

  /// Whether the root asks, as far as this node knows.
  public boolean asked() {
    return reassignment != null ? reassignment.asksUsage() : asked;
  }

  /// The client has another parent, or its parent has.
  public void placeChanged() {
    if (tells()) {
      moved = true;
      turn.arm(TreeTimer.USAGE, turn.jitterNanos(config.timing().heartbeatNanos() / 4));
    }
  }

  public void onTimer() {
    if (!tells()) {
      return;
    }
    if (links.oldParent() != null) {
      placeChanged(); // it still takes a place there: the move is not over
      return;
    }
    arm();
    Link parent = links.parent();
    if (parent == null) {
      return;
    }
    Message.Usage now = usage(counts.most(TOLD));
    if (moved) {
      tell(parent, now); // between two intervals: what is counted is not whole yet
    } else if (++quiet >= REFRESH || differs(now)) {
      tell(parent, now);
      counts.fade();
    } else {
      counts.fade();
    }
  }

  private void tell(Link parent, Message.Usage usage) {
    turn.send(parent.id(), usage);
    told = usage;
    moved = false;
    quiet = 0;
  }

  /// Whether other tags are the most used ones, or one is used much more or much less.
  private boolean differs(Message.Usage now) {
    if (shared(now.tags(), told.tags()) < 0.75) {
      return true;
    }
    for (int i = 0; i < now.tags().length; i++) {
      for (int k = 0; k < told.tags().length; k++) {
        if (now.tags()[i] == told.tags()[k]
            && Math.abs(now.levels()[i] - told.levels()[k]) > Message.Usage.LEVELS) {
          return true;
        }
      }
    }
    return false;
  }

  /// How much two sets of tags have in common: 1 if they are the same, or both empty.
  static double shared(long[] a, long[] b) {
    return Math.min(held(a, b), held(b, a));
  }

  /// Which part of one set of tags is in another: 1 if all of it is, or if there is none.
  static double held(long[] a, long[] b) {
    int both = 0;
    for (long tag : a) {
      for (long other : b) {
        both += tag == other ? 1 : 0;
      }
    }
    return a.length == 0 ? 1 : (double) both / a.length;
  }

  private Message.Usage usage(List<TagCounts.Count> most) {
    long[] tags = new long[most.size()];
    int[] levels = new int[most.size()];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = most.get(i).tag();
      levels[i] = level(most.get(i).times());
    }
    return new Message.Usage(identity.node(), List.of(), tags, levels);
  }

  private static int level(double times) {
    double log = Math.log(Math.max(1, times)) / Math.log(2);
    return (int) Math.clamp(Math.round(Message.Usage.LEVELS * log), 0, Message.Usage.MAX_LEVEL);
  }

  // A router.

  /// From a client of ours, or passed on by a child router.
  public void onUsage(Link from, Message.Usage usage) {
    List<NodeId> path = usage.path();
    boolean own = from.peerKind() == NodeKind.CLIENT;
    boolean said = own ? path.isEmpty() && from.isTo(usage.client()) : endsWith(path, from);
    if (!said || path.size() >= Position.MAX_DEPTH) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    } else if (!from.budgets(turn).mayTellUsage(from.speaksFor(), turn.nowNanos())) {
      tally.count(Tally.Count.OVER_BUDGET);
    } else if (reassignment != null) {
      reassignment.onUsage(from, usage);
    } else {
      pass(usage);
    }
  }

  private static boolean endsWith(List<NodeId> path, Link from) {
    return !path.isEmpty() && from.isTo(path.getLast());
  }

  private void pass(Message.Usage usage) {
    Link parent = links.parent();
    if (asked && parent != null && parent.takes(USAGE_BYTES)) {
      List<NodeId> path = new ArrayList<>(usage.path());
      path.add(identity.node());
      turn.send(
          parent.id(),
          new Message.Usage(usage.client(), List.copyOf(path), usage.tags(), usage.levels()));
    }
  }

  /// The root's order, on its way down to the client.
  public void passDown(Message.Reassign order) {
    List<NodeId> path = order.path();
    NodeId next = path.isEmpty() ? order.client() : path.getFirst();
    List<NodeId> rest = path.isEmpty() ? path : List.copyOf(path.subList(1, path.size()));
    links
        .child(next)
        .ifPresentOrElse(
            child ->
                turn.send(child.id(), new Message.Reassign(order.client(), rest, order.route())),
            () -> tally.count(Tally.Count.IGNORED_UNEXPECTED));
  }
}
