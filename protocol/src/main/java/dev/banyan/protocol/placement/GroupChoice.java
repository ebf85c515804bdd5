package dev.banyan.protocol.placement;

import dev.banyan.protocol.Group;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.turn.Turn;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A root's decision of which [Group] its tree is, for as long as it is root: by those who are in the tree, which routers
/// report with their heartbeats; the first one's group, for as long as anybody has it. While the root is young it has
/// forgotten what it knew, and goes by the majority of those who are back and those who ask.
public final class GroupChoice {

  /// Joiners whose group is remembered for a while.
  private static final int MAX_ASKERS = 1_024;

  private record Asker(Group group, long expiresNanos) {}

  private final TreeConfig config;
  private final Turn turn;
  private final Groups groups;
  private final long startedNanos;

  /// In the order in which they expire.
  private final Map<NodeId, Asker> askers = new LinkedHashMap<>();

  private Group chosen = Group.NONE;

  /// Of a node that is root from now on.
  public GroupChoice(TreeConfig config, Turn turn, Groups groups) {
    this.config = config;
    this.turn = turn;
    this.groups = groups;
    startedNanos = turn.nowNanos();
  }

  private boolean isYoung() {
    return turn.nowNanos() - startedNanos < config.timing().graceNanos();
  }

  Group chosen() {
    return chosen;
  }

  /// What is said to children: nothing until it is sure.
  Group decided() {
    return isYoung() ? Group.NONE : chosen;
  }

  Optional<String> refuses(Link joiner) {
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

  /// Looks whether the choice still stands.
  public void choose() {
    Iterator<Asker> each = askers.values().iterator();
    while (each.hasNext() && each.next().expiresNanos() - turn.nowNanos() <= 0) {
      each.remove();
    }
    Map<Group, Long> votes = groups.votes();
    for (Asker asker : askers.values()) {
      votes.merge(asker.group(), 1L, Long::sum);
    }
    if (isYoung() || !votes.containsKey(chosen)) {
      chosen = Groups.most(votes, chosen);
    }
  }
}
