package dev.banyan.node.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.KeyTag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a worker tells of a key through its door: its tags, which only workers can make, and where an update of it would
/// go from there.
///
/// @param roots where the worker finds the root of its tree
/// @param key what its tags stand for, the key itself first
/// @param said of those tags, by the worker
public record KeyReport(
    NodeId worker, String tree, List<Address> roots, List<KeyTag> key, Message.NodeInterest said) {

  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key.getFirst().name());
    json.put("node", worker.toString());
    json.put("tree", tree);
    json.put("roots", roots.stream().map(Address::toString).toList());
    List<Object> tags = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      Map<String, Object> tag = InterestJson.of(key.get(i));
      tag.put("wantedHere", (said.wantedHere() >>> i & 1) != 0);
      tag.put("upward", InterestJson.name(said.upward().get(i)));
      tags.add(tag);
    }
    json.put("tags", tags);
    json.put("interest", InterestJson.of(said));
    return json;
  }

  /// @throws IllegalArgumentException when this is no such report
  public static KeyReport parse(JsonNode json) {
    List<KeyTag> key = new ArrayList<>();
    List<Message.Upward> upward = new ArrayList<>();
    long wantedHere = 0;
    for (JsonNode tag : json.path("tags")) {
      wantedHere |= tag.path("wantedHere").asBoolean() ? 1L << key.size() : 0;
      upward.add(upward(tag.path("upward").asText()));
      key.add(
          new KeyTag(
              Long.parseUnsignedLong(tag.path("tag").asText(), 16),
              tag.path("kind").asText().equals("prefix"),
              tag.path("name").asText()));
    }
    if (key.isEmpty() || key.size() > Message.Survey.MAX_TAGS) {
      throw new IllegalArgumentException(
          "a key has 1 to " + Message.Survey.MAX_TAGS + " tags, not " + key.size());
    }
    List<Address> roots = new ArrayList<>();
    json.path("roots").forEach(root -> roots.add(Address.parse(root.asText())));
    JsonNode interest = json.path("interest");
    return new KeyReport(
        NodeId.parse(json.path("node").asText()),
        json.path("tree").asText(),
        List.copyOf(roots),
        List.copyOf(key),
        new Message.NodeInterest(
            interest.path("tags").asInt(),
            interest.path("bits").asInt(),
            interest.path("aim").asInt(),
            interest.path("version").asLong(),
            interest.path("answered").asLong(),
            wantedHere,
            List.copyOf(upward)));
  }

  private static Message.Upward upward(String name) {
    return Arrays.stream(Message.Upward.values())
        .filter(each -> InterestJson.name(each).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no way up"));
  }
}
