package dev.banyan.node.inspect;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.KeyTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An [Explanation] for machines.
public final class ExplanationJson {

  private ExplanationJson() {}

  public static Map<String, Object> of(Explanation explanation) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", explanation.key().getFirst().name());
    json.put("tags", explanation.key().stream().map(InterestJson::of).toList());
    json.put("root", explanation.topology().root().toString());
    List<Object> links = new ArrayList<>();
    List<Object> upward = new ArrayList<>();
    for (Message.SurveyAnswer router : explanation.topology().routers().values()) {
      upward.add(upward(explanation, router.node(), router.interest()));
      for (Message.Neighbour child : router.children()) {
        explanation
            .of(router.node(), child.node())
            .ifPresent(judgement -> links.add(link(explanation, router, child, judgement)));
      }
    }
    explanation.workers().forEach((node, said) -> upward.add(upward(explanation, node, said)));
    json.put("links", links);
    json.put("upward", upward);
    Map<String, String> silent = new LinkedHashMap<>();
    explanation.topology().silent().forEach((node, why) -> silent.put(node.toString(), why));
    explanation.silentWorkers().forEach((node, why) -> silent.put(node.toString(), why));
    json.put("silent", silent);
    return json;
  }

  private static Map<String, Object> link(
      Explanation explanation,
      Message.SurveyAnswer router,
      Message.Neighbour child,
      Explanation.Judgement judgement) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parent", router.node().toString());
    json.put("child", child.node().toString());
    json.put("kind", child.kind().routes() ? "router" : "worker");
    json.put("verdict", InterestJson.name(judgement.verdict()));
    json.put("carried", names(explanation.key(), judgement.carried()));
    json.put("wanted", names(explanation.key(), judgement.wanted()));
    json.put("interest", InterestJson.of(child.interest()));
    return json;
  }

  private static Map<String, Object> upward(
      Explanation explanation, NodeId node, Message.NodeInterest said) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", node.toString());
    json.put("goesUp", said.upward().stream().anyMatch(Message.Upward::goesUp));
    json.put("version", said.version());
    json.put("answered", said.answered());
    Map<String, String> why = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(explanation.key().size(), said.upward().size()); i++) {
      why.put(explanation.key().get(i).name(), InterestJson.name(said.upward().get(i)));
    }
    json.put("why", why);
    return json;
  }

  private static List<String> names(List<KeyTag> key, long mask) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      if ((mask >>> i & 1) != 0) {
        names.add(key.get(i).name());
      }
    }
    return names;
  }
}
