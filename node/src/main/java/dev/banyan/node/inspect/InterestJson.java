package dev.banyan.node.inspect;

import dev.banyan.protocol.Message;
import dev.banyan.store.KeyTag;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What nodes and links know of interest, for machines.
public final class InterestJson {

  private InterestJson() {}

  /// What a node says of itself.
  public static Map<String, Object> of(Message.NodeInterest interest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tags", interest.tags());
    json.put("bits", interest.bits());
    json.put("aim", interest.aim());
    json.put("version", interest.version());
    json.put("answered", interest.answered());
    return json;
  }

  static Map<String, Object> of(KeyTag tag) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tag", String.format("%016x", tag.tag()));
    json.put("kind", tag.prefix() ? "prefix" : "key");
    json.put("name", tag.name());
    return json;
  }

  /// NO_PARENT is noParent.
  static String name(Enum<?> constant) {
    String[] words = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder camel = new StringBuilder(words[0]);
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      camel.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return camel.toString();
  }

  /// What a parent holds of a child.
  static Map<String, Object> of(Message.LinkInterest interest) {
    LinkFilter filter = new LinkFilter(interest);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("filter", filter.isExact() ? "exact" : "cut");
    json.put("bits", interest.bits());
    json.put("everything", interest.all());
    json.put("tags", interest.tags());
    json.put("bytes", interest.sizeBytes());
    json.put("version", interest.version());
    json.put("answered", interest.answered());
    json.put("expectedFalsePositives", filter.falsePositiveRate());
    return json;
  }
}
