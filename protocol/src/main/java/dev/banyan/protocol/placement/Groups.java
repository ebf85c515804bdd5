package dev.banyan.protocol.placement;

import dev.banyan.protocol.Group;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which [Group] the tree is of, as far as this router knows, and who is of another and so cannot be in it.
///
/// The root decides: by those who are in the tree, which routers report with their heartbeats; the first one's group, for
/// as long as anybody has it. While the root is young it has forgotten what it knew, and goes by the majority of those who
/// are back and those who ask. It tells routers in heartbeats once it is sure; a router that has not been told goes by
/// those below it, and sends nobody away for that who is in already.
public final class Groups {

  /// Joiners whose group is remembered for a while.
  private static final int MAX_ASKERS = 1_024;

  private record Asker(Group group, long expiresNanos) {}

  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;

  /// At the root, in the order in which they expire.
  private final Map<NodeId, Asker> askers = new LinkedHashMap<>();

  private Group chosen = Group.NONE;
  private Group told = Group.NONE;
  private long startedNanos;

  public Groups(TreeConfig config, Links links, Turn turn, Position position) {
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
  }

  public void start() {
    startedNanos = turn.nowNanos();
  }

  private boolean isYoung() {
    return turn.nowNanos() - startedNanos < config.timing().graceNanos();
  }

  /// A joiner asks the root.
  ///
  /// @return why it cannot be in this tree; empty if it can
  Optional<String> refusesJoiner(Link joiner) {
    Group group = joiner.settings().group();
    if (!group.isKnown()) {
      return Optional.empty();
    }
    askers.remove(joiner.peer());
    if (askers.size() >= MAX_ASKERS) {
      askers.remove(askers.keySet().iterator().next());
    }
    askers.put(
        joiner.peer(), new Asker(group, turn.nowNanos() + config.timing().longestJoinNanos()));
    choose();
    return group.mismatch(chosen);
  }

  /// @return why this node cannot become a child here; empty if it can
  public Optional<String> refusesChild(Link joiner) {
    return joiner.settings().group().mismatch(here());
  }

  /// As known here.
  private Group here() {
    if (position.isRoot()) {
      return chosen;
    }
    return position.rooted() && told.isKnown() ? told : below();
  }

  /// What is said to the parent: the group of most workers below.
  public Group below() {
    return most(votes(), Group.NONE);
  }

  /// What is said to children: what the root has decided.
  public Group decided() {
    if (position.isRoot()) {
      return isYoung() ? Group.NONE : chosen;
    }
    return position.rooted() ? told : Group.NONE;
  }

  /// The parent says what the root has decided.
  ///
  /// @return whether that is news, to be passed on
  public boolean onParent(Group said) {
    boolean news = !said.equals(told);
    told = said;
    return news;
  }

  /// The root looks whether its choice still stands.
  public void choose() {
    if (!position.isRoot()) {
      return;
    }
    Iterator<Asker> each = askers.values().iterator();
    while (each.hasNext() && each.next().expiresNanos() - turn.nowNanos() <= 0) {
      each.remove();
    }
    Map<Group, Long> votes = votes();
    for (Asker asker : askers.values()) {
      votes.merge(asker.group(), 1L, Long::sum);
    }
    if (isYoung() || !votes.containsKey(chosen)) {
      chosen = most(votes, chosen);
    }
  }

  /// Clients among the children that cannot stay, by what the root has decided.
  public List<Link> strangers() {
    Group here = position.isRoot() ? chosen : decided();
    List<Link> strangers = new ArrayList<>();
    for (Link link : links.children()) {
      if (link.peerKind() == NodeKind.CLIENT
          && link.settings().group().mismatch(here).isPresent()) {
        strangers.add(link);
      }
    }
    return strangers;
  }

  private Map<Group, Long> votes() {
    Map<Group, Long> votes = new LinkedHashMap<>();
    for (Link link : links.children()) {
      boolean router = link.peerKind() == NodeKind.ROUTER;
      Group group = router ? link.child().group() : link.settings().group();
      if (group.isKnown()) {
        votes.merge(group, router ? Math.max(1L, link.child().clients()) : 1L, Long::sum);
      }
    }
    return votes;
  }

  /// The one with the most votes; of several, the one that is chosen already, or the first.
  private static Group most(Map<Group, Long> votes, Group chosen) {
    Group most = votes.containsKey(chosen) ? chosen : Group.NONE;
    for (Map.Entry<Group, Long> entry : votes.entrySet()) {
      if (entry.getValue() > votes.getOrDefault(most, 0L)) {
        most = entry.getKey();
      }
    }
    return most;
  }
}
