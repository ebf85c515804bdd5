package dev.banyan.sim.check;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.LinkEnd;
import dev.banyan.sim.LinkOracle;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.store.worker.Worker;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/// No false negatives (§2.6): no multicast is withheld from a link whose last received interest contains one of its
/// tags, and none from a parent that has not called all of its tags unwanted. A congested link is exempt: gap marks
/// take the place of what is dropped there. Where only a part of a multicast was sent, nothing that is not in it may be wanted.
public final class InterestChecker implements Observer {

  private final Cluster cluster;
  private long checked;

  /// Questions whose origin wanted their tag when it asked.
  private final Set<Question> ownQuestions = new HashSet<>();

  private record Question(NodeId origin, long id) {}

  public InterestChecker(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Multicasts looked at, to show that the check is not idle.
  public long checked() {
    return checked;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    for (int i = 0; i < effects.size(); i++) {
      if (effects.get(i) instanceof Effect.Send(LinkId link, Message.Interest interest)) {
        oracle(node, link).ifPresent(oracle -> oracle.sent(interest));
      }
    }
    checkRequests(node, effects);
    switch (event) {
      case Event.Received(LinkId link, Message.Interest interest) ->
          oracle(node, link).ifPresent(oracle -> oracle.received(interest));
      case Event.Received(LinkId link, Message.Wanted wanted) ->
          oracle(node, link).ifPresent(oracle -> oracle.received(wanted));
      case Event.Received(LinkId link, Multicast multicast) when node.kind().routes() ->
          checkForwarded(node, link, multicast, effects);
      case Event.Publish publish -> checkPublished(node, publish.records(), effects);
      default -> {}
    }
  }

  /// A worker's question never overtakes its advertisement: on its way up from the worker it goes only where its tag
  /// has been advertised.
  private void checkRequests(SimNode node, List<Effect> effects) {
    for (int i = 0; i < effects.size(); i++) {
      if (effects.get(i) instanceof Effect.Send(LinkId link, Message.Anycast anycast)
          && isOnItsWayUp(node, link, anycast)
          && isOwn(node, anycast)
          && oracle(node, link)
              .filter(oracle -> !oracle.hasAdvertised(anycast.tag()))
              .isPresent()) {
        throw cluster.violation(
            node + " asks its parent for a tag that it has not advertised there: " + anycast);
      }
    }
  }

  private boolean isOwn(SimNode node, Message.Anycast anycast) {
    Question question = new Question(anycast.origin(), anycast.id());
    if (node.id().equals(anycast.origin())) {
      if (wants(node, anycast.tag())) {
        ownQuestions.add(question);
      } else {
        ownQuestions.remove(question); // a node that starts again numbers its questions anew
      }
    }
    return ownQuestions.contains(question);
  }

  private static boolean isOnItsWayUp(SimNode node, LinkId link, Message.Anycast anycast) {
    Optional<NodeView> view = node.view();
    if (anycast.returned() || view.flatMap(NodeView::parentLink).filter(link::equals).isEmpty()) {
      return false;
    }
    List<Message.Hop> path = anycast.path();
    boolean straight = path.stream().allMatch(hop -> hop.tried().size() == 1);
    return straight
        && (path.size() == 1
            || children(view.get())
                .anyMatch(child -> child.node().equals(path.get(path.size() - 2).node())));
  }

  private static boolean wants(SimNode node, long tag) {
    return node.machine instanceof Worker worker
        && Arrays.binarySearch(worker.interestTags(), tag) >= 0;
  }

  private void checkForwarded(
      SimNode node, LinkId from, Multicast multicast, List<Effect> effects) {
    Optional<NodeView> view = node.view();
    if (node.machine instanceof Liar liar && liar.withholds()) {
      return;
    }
    if (view.isEmpty() || multicast.hops() >= node.spec.config().limits().maxHops() - 1) {
      return;
    }
    if (!isNeighbour(view.get(), from)) {
      return;
    }
    checked++;
    Map<LinkId, Multicast> sentOn = sentOn(effects);
    for (NodeView.Child child : children(view.get()).toList()) {
      LinkId link = child.link();
      LinkEnd end = node.links.get(link.value());
      if (!link.equals(from) && end != null && !end.toldCongested && !sentOn.containsKey(link)) {
        requireUnwanted(node, end, multicast, from);
      }
    }
    LinkId up = view.get().parentLink().orElse(from);
    if (!up.equals(from) && !sentOn.containsKey(up)) {
      requireUnwantedAbove(node, up, multicast);
    }
    requireUncut(node, up, multicast, sentOn);
  }

  /// Who tells lies may lie in this too.
  @SuppressWarnings("ReferenceEquality") // what was sent whole is the very object
  private void requireUncut(
      SimNode node, LinkId up, Multicast multicast, Map<LinkId, Multicast> sentOn) {
    if (node.machine instanceof Liar) {
      return;
    }
    sentOn.forEach((link, sent) -> {
      LinkEnd end = node.links.get(link.value());
      if (sent != multicast && end != null) {
        LinkOracle oracle = end.oracle;
        LongPredicate wanted =
            oracle == null
                ? _ -> true
                : link.equals(up) ? tag -> !oracle.unwantedAbove(tag) : oracle::wantsBelow;
        if (Contents.of(multicast).hasWantedThatLacks(Contents.of(sent), wanted)) {
          throw cluster.violation(
              node + " cut from a multicast for " + end + " what is wanted there");
        }
      }
    });
  }

  private void requireUnwanted(SimNode node, LinkEnd end, Multicast multicast, LinkId from) {
    LinkOracle oracle = end.oracle;
    for (int record = 0; record < multicast.recordCount(); record++) {
      int tags = multicast.tagCount(record);
      boolean wanted = tags == 0;
      for (int i = 0; i < tags && oracle != null; i++) {
        wanted |= oracle.wantsBelow(multicast.tag(record, i));
      }
      if (wanted) {
        throw cluster.violation(
            "false negative: %s withheld a multicast from %s though the link's interest has its tag"
                    .formatted(node, end)
                + " (it came over "
                + from
                + ", records "
                + multicast.records()
                + ")");
      }
    }
  }

  private void requireUnwantedAbove(SimNode node, LinkId up, Multicast multicast) {
    LinkEnd end = node.links.get(up.value());
    if (end == null || end.toldCongested) {
      return;
    }
    LinkOracle oracle = end.oracle;
    for (int record = 0; record < multicast.recordCount(); record++) {
      int tags = multicast.tagCount(record);
      boolean unwanted = tags > 0 && oracle != null;
      for (int i = 0; i < tags && oracle != null; i++) {
        unwanted &= oracle.unwantedAbove(multicast.tag(record, i));
      }
      if (!unwanted) {
        String known =
            tags == 0 || oracle == null
                ? ""
                : "; first tag " + oracle.above(multicast.tag(record, 0));
        throw cluster.violation(
            "false negative: %s withheld a multicast from its parent %s, which has not called its tags unwanted (records %s%s)"
                .formatted(node, end, multicast.records(), known));
      }
    }
  }

  private void checkPublished(SimNode node, List<Record> records, List<Effect> effects) {
    Optional<NodeView> view = node.view();
    if (view.isEmpty() || view.get().parentLink().isEmpty()) {
      return;
    }
    LinkId up = view.get().parentLink().get();
    Map<LinkId, Multicast> sentOn = sentOn(effects);
    Multicast published = Multicast.of(records);
    if (sentOn.isEmpty()) {
      checked++;
      requireUnwantedAbove(node, up, published);
    } else {
      requireUncut(node, up, published, sentOn);
    }
  }

  private static boolean isNeighbour(NodeView view, LinkId link) {
    return view.parentLink().filter(link::equals).isPresent()
        || children(view).anyMatch(child -> child.link().equals(link));
  }

  private static Stream<NodeView.Child> children(NodeView view) {
    return Stream.concat(view.childRouters().stream(), view.childClients().stream());
  }

  private static Map<LinkId, Multicast> sentOn(List<Effect> effects) {
    Map<LinkId, Multicast> links = new LinkedHashMap<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Forward(LinkId[] to, Multicast multicast) ->
            List.of(to).forEach(link -> links.put(link, multicast));
        case Effect.Send(LinkId link, Multicast multicast) -> links.put(link, multicast);
        default -> {}
      }
    }
    return links;
  }

  private static Optional<LinkOracle> oracle(SimNode node, LinkId link) {
    LinkEnd end = node.links.get(link.value());
    if (end == null) {
      return Optional.empty();
    }
    LinkOracle oracle = end.oracle;
    if (oracle == null) {
      oracle = new LinkOracle();
      end.oracle = oracle;
    }
    return Optional.of(oracle);
  }
}
