package dev.banyan.protocol.placement;

import dev.banyan.protocol.Group;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which [Group] the tree is of, as far as this router knows, and who is of another and so cannot be in it.
///
/// The root decides ([GroupChoice]). It tells routers in heartbeats once it is sure; a router that has not been told goes by
/// those below it, and sends nobody away for that who is in already.
public final class Groups {

  private final Links links;
  private final Position position;
  private @Nullable GroupChoice choice;
  private Group told = Group.NONE;

  public Groups(Links links, Position position) {
    this.links = links;
    this.position = position;
  }

  /// From now on this node decides, or (null) has it from its parent.
  public void goBy(@Nullable GroupChoice own) {
    choice = own;
  }

  /// A joiner asks the root.
  ///
  /// @return why it cannot be in this tree; empty if it can
  Optional<String> refusesJoiner(Link joiner) {
    return choice == null ? Optional.empty() : choice.refuses(joiner);
  }

  /// @return why this node cannot become a child here; empty if it can
  public Optional<String> refusesChild(Link joiner) {
    Group its = joiner.settings().group();
    return its.isKnown() ? its.mismatch(here()) : Optional.empty();
  }

  /// As known here.
  private Group here() {
    if (choice != null) {
      return choice.chosen();
    }
    return position.rooted() && told.isKnown() ? told : below();
  }

  /// What is said to the parent: the group of most workers below.
  public Group below() {
    return links.children().length == 0 ? Group.NONE : most(votes(), Group.NONE);
  }

  /// What is said to children: what the root has decided.
  public Group decided() {
    if (choice != null) {
      return choice.decided();
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

  /// Clients among the children that cannot stay, by what the root has decided.
  public List<Link> strangers() {
    Group here = choice != null ? choice.chosen() : decided();
    List<Link> strangers = new ArrayList<>();
    for (Link link : links.children()) {
      if (link.peerKind() == NodeKind.CLIENT
          && link.settings().group().mismatch(here).isPresent()) {
        strangers.add(link);
      }
    }
    return strangers;
  }

  Map<Group, Long> votes() {
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
  static Group most(Map<Group, Long> votes, Group chosen) {
    Group most = votes.containsKey(chosen) ? chosen : Group.NONE;
    for (Map.Entry<Group, Long> entry : votes.entrySet()) {
      if (entry.getValue() > votes.getOrDefault(most, 0L)) {
        most = entry.getKey();
      }
    }
    return most;
  }
}
