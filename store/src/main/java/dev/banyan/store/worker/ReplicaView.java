package dev.banyan.store.worker;

import dev.banyan.protocol.Message;
import dev.banyan.store.KeyTag;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.Version;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a worker's store says of itself to people, doors, tests and checkers, wherever its node is: in the same process
/// ([Worker]) or in another ([SeparateStore]). Asked between events.
public abstract sealed class ReplicaView permits Worker, SeparateStore {

  final Store store;

  ReplicaView(Store store) {
    this.store = store;
  }

  /// Whether what is written now would be dropped on its way up: callers should slow down. A write still succeeds here
  /// and reaches the others by repair.
  public boolean congested() {
    return store.isCongestedUpward();
  }

  /// Whether the node has a parent that leads to a root.
  public boolean connected() {
    return store.isConnected();
  }

  /// The store's counters by name, in a fixed order; the node's own are [TreeNode#counters].
  public List<Message.Counter> counters() {
    return store.counters.all();
  }

  /// Which key epochs this worker knows. If nothing is sealed, there are none but 0.
  public Sealing.Epochs epochs() {
    return store.epochs();
  }

  /// Members that have signed two batches with one number, and both of them without their records.
  public List<Sealing.Fork> forks() {
    return store.forks();
  }

  /// What this worker holds, in ascending order of keys, tombstones included. A copy.
  public List<Held> held() {
    List<Held> held = new ArrayList<>(store.holdings.size());
    for (Entry entry : store.holdings.entries()) {
      Write newest = entry.newest();
      held.add(new Held(entry.key, newest.version(), newest.deleted(), newest.valueHash()));
    }
    return held;
  }

  /// One held key, for checkers.
  ///
  /// @param valueHash 64 bits that depend on the value alone; 0 for a tombstone
  public record Held(String key, Version version, boolean deleted, long valueHash) {}

  /// Whether this is a tombstone that need not be held any more.
  public boolean forgets(Held held) {
    return held.deleted() && store.tombstones.isForgotten(held.version().lamport());
  }

  /// The newest revision held of a key.
  public Optional<Revision> newest(String key) {
    return Optional.ofNullable(store.holdings.find(key)).map(entry -> entry.newest().revision(key));
  }

  /// How many keys this worker holds, tombstones included.
  public int size() {
    return store.holdings.size();
  }

  /// Memory that the store takes.
  ///
  /// @param limitBytes as configured
  /// @param pinnedBytes of keys that cannot be let go: those this worker has to keep, and those that are watched
  public record Memory(long usedBytes, long limitBytes, long pinnedBytes) {}

  /// Memory that the store takes; cheap.
  public long usedBytes() {
    return store.room.usedBytes();
  }

  /// Looks at every key.
  public Memory memory() {
    return new Memory(store.room.usedBytes(), store.room.limitBytes(), store.room.pinnedBytes());
  }

  /// What [Memory#usedBytes] should be, counted from what is there. For tests.
  long countedAnew() {
    return store.room.countedAnew();
  }

  /// Depends on which keys are held at which versions, and on nothing else: equal for equal replicas. Kept up to date
  /// with each write, so that asking is cheap.
  public long digest() {
    return store.holdings.digest();
  }

  /// The tags this worker wants updates of, ascending. Those of keys and of prefixes, and that of the empty prefix if
  /// it wants everything; not those by which it can be asked for what it holds under a prefix.
  public long[] interestTags() {
    return store.interests.sortedTags();
  }

  /// Whether this worker wants updates of the tag, on its own or among everything.
  public boolean wants(long tag) {
    return store.interests.hears(tag);
  }

  /// Why the tags of [#interestTags] are wanted.
  ///
  /// @param learned from use alone: they fade
  /// @param explicit because somebody watches: they do not
  /// @param everything whether everything is among what is watched
  public record Interests(int learned, int explicit, boolean everything) {}

  public Interests interests() {
    int learned = 0;
    int explicit = 0;
    for (Interest interest : store.interests.all()) {
      if (!interest.watched()) {
        learned++;
      } else {
        explicit++;
      }
    }
    return new Interests(learned, explicit, store.interests.everything() != null);
  }

  /// Whether this worker wants the tag, and has missed no update of it as far as it can know: it is connected, and what
  /// was asked since the last gap or change of path was answered.
  public boolean isSettled(long tag) {
    Interest interest = store.interests.get(tag);
    Interest everything = store.interests.everything();
    return store.isConnected()
        && (interest != null && interest.whole() || everything != null && everything.whole());
  }

  /// What the tags of a key's records stand for: the key itself first, then its declared prefixes, longest first.
  ///
  /// @throws IllegalArgumentException when it cannot be a key, with one line that says why
  public List<KeyTag> explain(String key) {
    String fault = Names.fault(key);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
    return store.names.explained(key);
  }

  /// The tags of a key's records, ascending: its own and those of its declared prefixes.
  public long[] tagsOf(String key) {
    return store.names.recordTags(key);
  }
}
