package dev.banyan.store;

import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeNode;
import java.util.List;
import java.util.random.RandomGenerator;

/// A worker: the replicated key-value store around a node of the tree (§1.1, §2).
public final class Worker implements Machine {

  private final TreeNode tree;

  /// @param session 128 fresh random bits: this life of the writer
  /// @param tagger shared by the group, as is [StoreConfig#prefixLevels]
  /// @param random this worker's own seeded generator: spreads its digests and questions
  public Worker(
      TreeNode tree,
      StoreConfig config,
      Session session,
      Tagger tagger,
      Sealing sealing,
      RandomGenerator random) {
    this.tree = tree;
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    throw new IllegalStateException("not yet");
  }

  /// The node this worker is wrapped around, for its view and counters.
  public TreeNode tree() {
    return tree;
  }

  /// Whether what is written now would be dropped on its way up: callers should slow down. A write still succeeds here
  /// and reaches the others by repair.
  public boolean congested() {
    return tree.congestedUpward();
  }

  public boolean connected() {
    throw new IllegalStateException("not yet");
  }

  /// The store's counters by name, in a fixed order; the node's own are [TreeNode#counters].
  public List<Message.Counter> counters() {
    throw new IllegalStateException("not yet");
  }

  /// What this worker holds, in ascending order of keys, tombstones included. A copy.
  public List<Held> held() {
    throw new IllegalStateException("not yet");
  }

  /// One held key, for checkers.
  ///
  /// @param valueHash 64 bits that depend on the value alone; 0 for a tombstone
  public record Held(String key, Version version, boolean deleted, long valueHash) {}

  /// Depends on which keys are held at which versions, and on nothing else: equal for equal replicas. Kept up to date
  /// with each write, so that asking is cheap.
  public long digest() {
    throw new IllegalStateException("not yet");
  }

  /// The tags this worker wants updates of, ascending. Those of keys and of prefixes; not those by which it can be
  /// asked for what it holds under a prefix.
  public long[] interestTags() {
    throw new IllegalStateException("not yet");
  }

  /// Whether this worker wants the tag and has missed no update of it.
  public boolean isSettled(long tag) {
    throw new IllegalStateException("not yet");
  }

  /// The tags of a key's records, ascending: its own and those of its declared prefixes.
  public long[] tagsOf(String key) {
    throw new IllegalStateException("not yet");
  }
}
