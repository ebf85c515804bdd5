package dev.banyan.node.inspect;

import dev.banyan.protocol.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A [Topology] for machines: routers in the order in which they answered, each with its children.
public final class TopologyJson {

  private TopologyJson() {}

  /// @param earlier an earlier survey, to tell rates by
  public static Map<String, Object> of(Topology topology, Optional<Topology> earlier) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("root", topology.root().toString());
    json.put("workers", topology.workerCount());
    List<Object> routers = new ArrayList<>();
    topology.routers().values().forEach(answer -> routers.add(router(topology, answer, earlier)));
    json.put("routers", routers);
    Map<String, String> silent = new LinkedHashMap<>();
    topology.silent().forEach((node, why) -> silent.put(node.toString(), why));
    json.put("silent", silent);
    return json;
  }

  private static Map<String, Object> router(
      Topology topology, Message.SurveyAnswer answer, Optional<Topology> earlier) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", answer.node().toString());
    json.put("kind", answer.kind().name().toLowerCase(Locale.ROOT));
    json.put("address", answer.address().toString());
    json.put("depth", answer.level());
    json.put("rooted", answer.rooted());
    json.put("workersBelow", answer.clients());
    json.put("routersBelow", answer.routers());
    json.put("interest", InterestJson.of(answer.interest()));
    Map<String, Long> counters = new LinkedHashMap<>();
    answer.counters().forEach(counter -> counters.put(counter.name(), counter.value()));
    json.put("counters", counters);
    json.put(
        "children",
        answer.children().stream().map(child -> child(topology, answer, child, earlier)).toList());
    return json;
  }

  private static Map<String, Object> child(
      Topology topology,
      Message.SurveyAnswer router,
      Message.Neighbour child,
      Optional<Topology> earlier) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", child.node().toString());
    json.put("kind", child.kind().routes() ? "router" : "worker");
    if (child.kind().routes()) {
      json.put("address", child.address().toString());
      json.put("workersBelow", child.clients());
      json.put("routersBelow", child.routers());
    }
    json.put("depth", router.level() + 1);
    json.put("interest", InterestJson.of(child.interest()));
    json.put("multicastsDown", child.framesOut());
    json.put("multicastsUp", child.framesIn());
    json.put("unwantedDown", child.unwantedOut());
    json.put("unwantedUp", child.unwantedIn());
    LinkFilter.measured(child.unwantedOut(), child.framesOut())
        .ifPresent(rate -> json.put("measuredFalsePositives", rate));
    earlier
        .flatMap(before -> topology.rate(before, router.node(), child))
        .ifPresent(rate -> json.put("multicastsPerSecond", Math.round(rate * 10) / 10.0));
    json.put("heartbeatAgeMicros", child.heartbeatAgeMicros());
    Message.Condition condition = child.condition();
    json.put("congested", condition.congested());
    if (condition.takesBytesPerSecond() > 0) {
      json.put("takesBytesPerSecond", condition.takesBytesPerSecond());
    }
    json.put("silent", condition.silent());
    switch (condition.dialable()) {
      case YES -> json.put("dialable", true);
      case NO -> json.put("dialable", false);
      case UNKNOWN -> {}
    }
    return json;
  }
}
