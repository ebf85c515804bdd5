package dev.banyan.node;

import dev.banyan.node.inspect.InterestJson;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.worker.ReplicaView;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a running node says of itself.
///
/// @param counters the tree's, then the store's
/// @param store a worker's store
public record NodeStatus(
    NodeView view,
    Message.NodeInterest interest,
    List<Message.Counter> counters,
    Optional<Store> store) {

  /// What a worker holds.
  ///
  /// @param interests why it wants what it wants
  /// @param memory that it takes, and may take
  /// @param forks members that have signed two batches with one number
  /// @param digest equal for equal replicas
  public record Store(
      boolean connected,
      boolean congested,
      int keys,
      int interestTags,
      ReplicaView.Interests interests,
      ReplicaView.Memory memory,
      Sealing.Epochs epochs,
      List<Sealing.Fork> forks,
      long digest) {

    /// Looks at a store, between its events.
    public static Store of(ReplicaView store) {
      return new Store(
          store.connected(),
          store.congested(),
          store.size(),
          store.interestTags().length,
          store.interests(),
          store.memory(),
          store.epochs(),
          store.forks(),
          store.digest());
    }
  }

  /// For machines; keys are part of the door's promise.
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", view.node().toString());
    json.put("kind", view.kind().name().toLowerCase(Locale.ROOT));
    json.put("rooted", view.rooted());
    json.put("depth", view.level());
    view.parent().ifPresent(parent -> json.put("parent", parent.toString()));
    json.put("path", view.path().stream().map(entry -> entry.node().toString()).toList());
    json.put("interest", InterestJson.of(interest));
    store.ifPresent(held -> {
      json.put("connected", held.connected());
      json.put("congested", held.congested());
      json.put("keys", held.keys());
      json.put("interestTags", held.interestTags());
      Map<String, Object> memory = new LinkedHashMap<>();
      memory.put("usedBytes", held.memory().usedBytes());
      if (held.memory().limitBytes() != StoreConfig.UNLIMITED) {
        memory.put("limitBytes", held.memory().limitBytes());
      }
      memory.put("pinnedBytes", held.memory().pinnedBytes());
      json.put("memory", memory);
      if (held.epochs().newest() > 0) {
        Map<String, Object> epochs = new LinkedHashMap<>();
        epochs.put("sealing", held.epochs().sealing());
        epochs.put("newest", held.epochs().newest());
        json.put("epochs", epochs);
      }
      if (!held.forks().isEmpty()) {
        json.put("forked", held.forks().stream().map(NodeStatus::forked).toList());
      }
      Map<String, Object> interests = new LinkedHashMap<>();
      interests.put("learned", held.interests().learned());
      interests.put("explicit", held.interests().explicit());
      interests.put("everything", held.interests().everything());
      interests.put("faded", counter("faded"));
      json.put("interests", interests);
      json.put("digest", String.format("%016x", held.digest()));
    });
    Map<String, Long> named = new LinkedHashMap<>();
    counters.forEach(counter -> named.put(counter.name(), counter.value()));
    json.put("counters", named);
    return json;
  }

  private static Map<String, Object> forked(Sealing.Fork fork) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("member", fork.member().toString());
    json.put("how", fork.how());
    json.put("first", HexFormat.of().formatHex(fork.first().shared()));
    json.put("second", HexFormat.of().formatHex(fork.second().shared()));
    return json;
  }

  public long counter(String name) {
    return counters.stream()
        .filter(counter -> counter.name().equals(name))
        .mapToLong(Message.Counter::value)
        .findFirst()
        .orElse(0);
  }
}
