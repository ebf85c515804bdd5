package dev.banyan.node.inspect;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the routers of a tree answered, each for itself. Not a snapshot of one instant: the answers came one after the
/// other.
///
/// @param root the node the survey began at
/// @param routers answers by router, in the order in which they came
/// @param silent routers that others named but that did not answer, and why
/// @param atNanos when the survey ended, from any origin
public record Topology(
    NodeId root,
    Map<NodeId, Message.SurveyAnswer> routers,
    Map<NodeId, String> silent,
    long atNanos) {

  public Optional<Message.SurveyAnswer> answerOf(NodeId node) {
    return Optional.ofNullable(routers.get(node));
  }

  /// One line for each router that did not answer.
  public List<String> silentLines() {
    List<String> lines = new ArrayList<>();
    silent.forEach((node, why) -> lines.add("no answer from router " + node + ": " + why));
    return lines;
  }

  public int routerCount() {
    return (int) routers.values().stream().filter(answer -> !answer.node().equals(root)).count();
  }

  /// Workers that some router has for a child.
  public int workerCount() {
    return routers.values().stream()
        .mapToInt(answer ->
            (int) answer.children().stream().filter(child -> !child.kind().routes()).count())
        .sum();
  }

  /// Multicasts per second that crossed the link between a router and its child since an earlier survey, both ways;
  /// empty when either survey does not know the link.
  public Optional<Double> rate(Topology earlier, NodeId router, Message.Neighbour child) {
    double seconds = (atNanos - earlier.atNanos) / 1e9;
    return earlier
        .answerOf(router)
        .flatMap(answer ->
            answer.children().stream()
                .filter(before -> before.node().equals(child.node()))
                .findFirst())
        .filter(before -> seconds > 0 && frames(child) >= frames(before))
        .map(before -> (frames(child) - frames(before)) / seconds);
  }

  private static long frames(Message.Neighbour child) {
    return child.framesIn() + child.framesOut();
  }
}
