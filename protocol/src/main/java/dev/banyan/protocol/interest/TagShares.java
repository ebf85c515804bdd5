package dev.banyan.protocol.interest;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many tags each child may advertise, so that all of them together fit into what this node may advertise itself.
///
/// A child may have whatever nobody else uses, and its fair share in any case. Should all together come to want more
/// than there is, those that want most are told to want less; whoever is told has some time to comply, a router more
/// than a client, as it has to tell its own. Who does not comply loses its link, and is not taken back for a while.
/// Nobody else notices.
public final class TagShares {

  /// Nodes remembered that were sent away.
  private static final int MAX_SUSPENDED = 1_024;

  /// The longest that a node is kept away, in heartbeat timeouts. A guess.
  private static final int MAX_TIMEOUTS = 16;

  /// Tags of all children, each for itself, that are kept, as a multiple of the limit: children may want the same ones.
  private static final int ALL_TOGETHER = 8;

  private record Suspension(long untilNanos, int times) {}

  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final InterestExchange interest;
  private Map<NodeId, Suspension> suspended = RareMap.none();
  private @Nullable Link heaviest;

  /// No less than all children hold together.
  private long heldAtMost;

  private long heaviestNanos;
  private int level;
  private int levelOf = -1;
  private long levelNanos;

  public TagShares(TreeConfig config, Links links, Turn turn, InterestExchange interest) {
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.interest = interest;
  }

  private int budget() {
    return Math.min(config.limits().maxTagsPerLink(), interest.allowance().tags());
  }

  private int leastBits() {
    return Math.max(config.filtering().leastBits(), interest.allowance().leastBits());
  }

  /// What to tell the child now of how much it may want; it is held to that.
  public Message.InterestLimits limits(Link link) {
    Child child = link.child();
    child.allow(limit(link));
    note(child);
    return new Message.InterestLimits(child.tagLimit(), leastBits());
  }

  private int limit(Link link) {
    int budget = budget();
    int held = Math.max(link.child().interest().size(), interest.tagsAway(link.peer()));
    int fair = Math.max(1, budget / links.children().length);
    int spare = budget - interest.size();
    // Half of what is free, as others may be about to take it, too.
    int most = spare >= 0 ? held + spare / 2 : Math.min(held, level());
    return Math.clamp(most, fair, budget);
  }

  /// To which those who want most have to come down, so that all together fit.
  private int level() {
    if (levelNanos == turn.nowNanos() && levelOf == interest.size()) {
      return level;
    }
    int[] held =
        Arrays.stream(links.children()).mapToInt(link -> link.child().interest().size()).toArray();
    Arrays.sort(held);
    long excess = (long) interest.size() - budget();
    long above = 0;
    int at = held.length;
    long found = 0;
    while (at > 0) {
      above += held[--at];
      int wanting = held.length - at;
      found = (above - excess) / wanting;
      if (at == 0 || found >= held[at - 1]) {
        break;
      }
    }
    level = (int) Math.max(0, found);
    levelNanos = turn.nowNanos();
    levelOf = interest.size();
    return level;
  }

  private @Nullable Link heaviest() {
    Link known = heaviest;
    if (known != null && heaviestNanos == turn.nowNanos() && links.get(known.id()) == known) {
      return known;
    }
    Link most = null;
    for (Link link : links.children()) {
      if (most == null || link.child().interest().size() > most.child().interest().size()) {
        most = link;
      }
    }
    heaviest = most;
    heaviestNanos = turn.nowNanos();
    return most;
  }

  private void note(Child child) {
    boolean over =
        child.interest().size() > child.tagLimit()
            || child.interest().size() > 0 && child.interest().bits() < leastBits();
    child.isOver(over, turn.nowNanos());
  }

  /// A child has said what it wants.
  ///
  /// @param tags that it has added
  /// @return who should be told at once that they may want less
  public List<Link> grown(Link from, int tags) {
    heldAtMost += tags;
    note(from.child());
    if (interest.size() > budget()) {
      interest.forgetAway();
    }
    List<Link> news = new ArrayList<>();
    if (interest.size() > budget()) {
      for (Link link : links.children()) {
        Child child = link.child();
        int held = child.interest().size();
        if (child.overSinceNanos() == 0 && held > level() && limit(link) < held) {
          news.add(link);
        }
      }
    }
    return news;
  }

  /// Who must go at once: a client that has more than it ever could have, or whoever has most, so that memory stays
  /// bounded.
  @Nullable
  public Link intolerable(Link from) {
    if (from.peerKind() == NodeKind.CLIENT
        && from.child().interest().size() > from.child().tagLimitEver()) {
      return from;
    }
    if (interest.size() > config.limits().maxTagsPerLink()) {
      interest.forgetAway();
    }
    int most = config.limits().maxTagsPerLink();
    boolean tooMuch =
        interest.size() > (long) InterestExchange.TOLERATED * most
            || heldAtMost > (long) ALL_TOGETHER * most && held() > (long) ALL_TOGETHER * most;
    return tooMuch ? heaviest() : null;
  }

  private long held() {
    heldAtMost = 0;
    for (Link link : links.children()) {
      heldAtMost += link.child().interest().size();
    }
    return heldAtMost;
  }

  /// Why the child must go, if it had time enough to comply.
  @Nullable
  public String fault(Link link) {
    Child child = link.child();
    if (child.overSinceNanos() == 0) {
      return null;
    }
    long timeout = config.timing().heartbeatTimeoutNanos();
    boolean router = link.peerKind() == NodeKind.ROUTER;
    int timeouts = router ? 2 + Math.min(child.routers(), Position.MAX_DEPTH) : 1;
    return turn.nowNanos() - child.overSinceNanos() > timeouts * timeout ? excess(child) : null;
  }

  /// One line on what is wrong with the child's interest.
  public String excess(Child child) {
    return child.interest().bits() < leastBits()
        ? "interest in tags cut to "
            + child.interest().bits()
            + " bits: the least is "
            + leastBits()
        : "interest in "
            + child.interest().size()
            + " tags, it may have "
            + child.tagLimit()
            + ": raise --max-tags-per-link here and above, or want less";
  }

  /// The node was sent away for it: longer each time that it is, before it has behaved for as long.
  public void suspend(NodeId node) {
    Suspension before = suspended.remove(node);
    long longest = MAX_TIMEOUTS * config.timing().heartbeatTimeoutNanos();
    int times =
        before != null && turn.nowNanos() - before.untilNanos() < longest
            ? Math.min(MAX_TIMEOUTS, before.times() * 2)
            : 1;
    if (suspended.size() == MAX_SUSPENDED) {
      suspended.remove(suspended.keySet().iterator().next());
    }
    long until = turn.nowNanos() + times * config.timing().heartbeatTimeoutNanos();
    suspended = RareMap.writable(suspended);
    suspended.put(node, new Suspension(until, times));
  }

  public boolean isSuspended(NodeId node) {
    Suspension suspension = suspended.get(node);
    return suspension != null && turn.nowNanos() < suspension.untilNanos();
  }
}
