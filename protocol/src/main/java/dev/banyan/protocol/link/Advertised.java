package dev.banyan.protocol.link;

import dev.banyan.filter.TagChange;
import dev.banyan.filter.TagSetCodec;
import dev.banyan.protocol.Tags;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What one child has said its subtree wants. A snapshot may come in several messages: until the last, what was said
/// before it stands too.
public final class Advertised {

  private final long seed;
  private final int most;
  private int bits = Tags.BITS;
  private CutTags tags;

  /// Of `tags`: most children want nothing in particular, and each multicast asks all of them.
  private int size;

  private long hash;
  private boolean all;
  private long version;

  /// What stood before the snapshot that is coming in.
  private @Nullable CutTags before;

  private int bitsBefore = Tags.BITS;

  /// @param most how many tags to keep in a table
  Advertised(int most, long seed) {
    this.most = most;
    this.seed = seed;
    tags = new CutTags(bits, most, seed);
  }

  /// How many leading bits of a tag the child tells apart.
  public int bits() {
    return bits;
  }

  /// Whether the child wants every multicast but those to inboxes.
  public boolean all() {
    return all;
  }

  public int size() {
    return size;
  }

  public long sizeBytes() {
    return tags.sizeBytes();
  }

  public long version() {
    return version;
  }

  public long hash() {
    return Tags.hashOf(hash, all);
  }

  /// Whether an update of this tag goes to the child.
  public boolean wants(long tag) {
    if (names(tag) || all && !Tags.isInbox(tag)) {
      return true;
    }
    return before != null && before.contains(TagSetCodec.truncate(tag, bitsBefore));
  }

  /// Whether the child has said that it wants this tag: not whether it wants everything.
  public boolean names(long tag) {
    return size > 0 && tags.contains(TagSetCodec.truncate(tag, bits));
  }

  /// Whether the child has advertised this, cut as the child cuts.
  public boolean contains(long cutTag) {
    return tags.contains(cutTag);
  }

  /// From here on the child says everything anew.
  ///
  /// @param partial visits what a snapshot that never ended has said: it stands no more
  public void beginSnapshot(int newBits, LongConsumer partial) {
    if (before == null) {
      before = tags;
      bitsBefore = bits;
    } else {
      tags.forEach(partial);
    }
    tags = new CutTags(newBits, most, seed);
    size = 0;
    hash = 0;
    bits = newBits;
  }

  /// The message with this version has been taken in; if it ended a snapshot, what stood before is over.
  ///
  /// @param gone visits what stood before
  public void took(long newVersion, boolean newAll, long claimedHash, LongConsumer gone) {
    version = newVersion;
    all = newAll;
    CutTags old = before;
    if (old != null && hash() == claimedHash) {
      before = null;
      old.forEach(gone);
    }
  }

  /// The tags that a change removes; fewer than it names, if it is a change of another set than this.
  public long[] removed(TagChange change) {
    return tags.removed(change);
  }

  /// Whether no snapshot is half way in, and something has been said.
  public boolean isWhole() {
    return before == null && version > 0;
  }

  /// So many more are about to come.
  public void expect(int more) {
    tags.expect(more);
  }

  /// @return whether it was not there
  public boolean add(long cutTag) {
    if (!tags.add(cutTag)) {
      return false;
    }
    size++;
    hash ^= Tags.hashOf(cutTag);
    return true;
  }

  /// @return whether it was there
  public boolean remove(long cutTag) {
    if (!tags.remove(cutTag)) {
      return false;
    }
    size--;
    hash ^= Tags.hashOf(cutTag);
    return true;
  }

  /// Visits what counts now, what stood before an unfinished snapshot included; a tag may come twice.
  public void forEach(LongConsumer visitor) {
    tags.forEach(visitor);
    if (before != null) {
      before.forEach(visitor);
    }
  }

  public long[] toSortedArray() {
    return tags.toSortedArray();
  }
}
