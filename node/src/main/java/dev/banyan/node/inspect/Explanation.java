package dev.banyan.node.inspect;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.KeyTag;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where an update of a key would go, and why. As a [Topology], no snapshot of one instant.
///
/// @param key what its tags stand for, the key itself first; bit i of a mask is tag i
/// @param workers what workers have said of themselves
/// @param silentWorkers those that were asked in vain, and why
/// @param judgements of each link
public record Explanation(
    List<KeyTag> key,
    Topology topology,
    Map<NodeId, Message.NodeInterest> workers,
    Map<NodeId, String> silentWorkers,
    Map<Link, Judgement> judgements) {

  /// Between a router and a child of it.
  public record Link(NodeId parent, NodeId child) {}

  /// Whether a link would carry an update, and whether that would be of any use.
  public enum Verdict {
    NOT_CARRIED,
    /// Somebody below wants it.
    WANTED,
    /// Nobody below wants it.
    FALSE_POSITIVE,
    /// Somebody below who may want it could not be asked.
    UNCERTAIN
  }

  /// What is known of a link.
  ///
  /// @param carried tags for which the parent would send an update
  /// @param wanted those of them that somebody below wants
  /// @param certain whether there are no others
  public record Judgement(long carried, long wanted, boolean certain) {
    public Verdict verdict() {
      if (carried == 0) {
        return Verdict.NOT_CARRIED;
      }
      if (wanted != 0) {
        return Verdict.WANTED;
      }
      return certain ? Verdict.FALSE_POSITIVE : Verdict.UNCERTAIN;
    }
  }

  static Explanation of(
      List<KeyTag> key,
      Topology topology,
      Map<NodeId, Message.NodeInterest> workers,
      Map<NodeId, String> silentWorkers) {
    Map<Link, Judgement> judgements = new LinkedHashMap<>();
    Explanation explanation = new Explanation(key, topology, workers, silentWorkers, judgements);
    topology
        .answerOf(topology.root())
        .ifPresent(root -> explanation.judgeBelow(root, new HashSet<>()));
    return explanation;
  }

  /// A link of the topology that was reached from its root.
  public Optional<Judgement> of(NodeId parent, NodeId child) {
    return Optional.ofNullable(judgements.get(new Link(parent, child)));
  }

  /// What is known of a whole subtree: carried and wanted by any of its links.
  private Judgement judgeBelow(Message.SurveyAnswer router, Set<NodeId> seen) {
    seen.add(router.node());
    long wanted = router.interest().wantedHere();
    boolean certain = isComplete(router);
    for (Message.Neighbour child : router.children()) {
      Judgement judgement = judge(child, seen);
      judgements.put(new Link(router.node(), child.node()), judgement);
      wanted |= judgement.wanted();
      certain &= judgement.certain();
    }
    return new Judgement(-1, wanted, certain);
  }

  private Judgement judge(Message.Neighbour child, Set<NodeId> seen) {
    Message.LinkInterest interest = child.interest();
    long carried = interest.carries();
    Optional<Judgement> below = child.kind().routes() ? below(child, seen) : Optional.empty();
    if (carried == 0) {
      return new Judgement(0, 0, true);
    }
    if (below.isPresent()) {
      return new Judgement(carried, below.get().wanted() & carried, below.get().certain());
    }
    if (child.kind().routes()) {
      return new Judgement(carried, 0, false);
    }
    if (interest.all() || new LinkFilter(interest).isExact()) {
      return new Judgement(carried, carried, true);
    }
    Message.NodeInterest said = workers.get(child.node());
    return said == null
        ? new Judgement(carried, 0, false)
        : new Judgement(carried, said.wantedHere() & carried, true);
  }

  /// Empty for a router that did not answer, and for one that was met before: a node on its move has two parents.
  private Optional<Judgement> below(Message.Neighbour child, Set<NodeId> seen) {
    return seen.contains(child.node())
        ? Optional.empty()
        : topology.answerOf(child.node()).map(answer -> judgeBelow(answer, seen));
  }

  /// A router with very many children names only the first.
  private static boolean isComplete(Message.SurveyAnswer router) {
    long named = 0;
    for (Message.Neighbour child : router.children()) {
      named += child.kind().routes() ? child.clients() : 1;
    }
    return named >= router.clients();
  }

  /// What a node of the tree has said of itself.
  public Optional<Message.NodeInterest> saidBy(NodeId node) {
    return topology
        .answerOf(node)
        .map(Message.SurveyAnswer::interest)
        .or(() -> Optional.ofNullable(workers.get(node)));
  }

  public long count(Verdict verdict) {
    return judgements.values().stream().filter(judgement -> judgement.verdict() == verdict).count();
  }
}
