package dev.banyan.protocol.link;

import dev.banyan.filter.ExactFilter;
import dev.banyan.protocol.Tags;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What one child was told of its own tags: which of them somebody outside its subtree wants, up to which version of its
/// interest. And what is still to be told.
///
/// What the child advertises waits ([#await]) until enough is known to answer for it ([#takeOldest]); whatever the answer
/// may have changed for is gathered ([#touch]) until it is told ([#takeTouched], [#want], [#unwant], [#told]). When all of it
/// is void ([#revoke]) it begins anew.
public final class AnsweredInterest {

  /// A version of the child's interest with the tags it added, and the version of our own interest that must have been
  /// answered before it can be.
  @SuppressWarnings("ArrayRecordComponent")
  public record Awaiting(long version, long needed, long[] tags) {}

  private final ExactFilter wanted;
  private final ExactFilter touched;

  /// Null while nothing waits.
  private @Nullable ArrayDeque<Awaiting> awaiting;

  private long awaitingTags;
  private boolean all;
  private long version;
  private long hash;
  private long toldHash;
  private long upTo;
  private boolean queued;

  AnsweredInterest(long seed) {
    wanted = new ExactFilter(seed);
    touched = new ExactFilter(seed);
  }

  // What it was told.

  /// Of the last message that told it something.
  public long version() {
    return version;
  }

  /// Of what is wanted, as it was told last: what ceases to be wanted here is not told before the next change is.
  public long toldHash() {
    return toldHash;
  }

  /// The version of the child's interest that is answered for; 0 for none.
  public long upTo() {
    return upTo;
  }

  /// Whether it was told that somebody outside wants everything.
  public boolean all() {
    return all;
  }

  /// Whether nothing stands that it was told.
  public boolean isEmpty() {
    return upTo == 0 && wanted.size() == 0;
  }

  public boolean isWanted(long tag) {
    return wanted.mightContain(tag);
  }

  /// Somebody outside wants the tag: to be followed by [#told].
  public void want(long tag) {
    if (!wanted.mightContain(tag)) {
      wanted.add(tag);
      hash ^= Tags.hashOf(tag);
    }
  }

  /// Nobody outside wants the tag any more, or the child does not.
  ///
  /// @return whether it had been told that somebody does
  public boolean unwant(long tag) {
    if (!wanted.remove(tag)) {
      return false;
    }
    hash ^= Tags.hashOf(tag);
    return true;
  }

  /// A message tells the child what is wanted now.
  ///
  /// @return its version
  public long told(long nowUpTo, boolean nowAll) {
    upTo = nowUpTo;
    all = nowAll;
    toldHash = hash;
    return ++version;
  }

  /// A message takes back all that the child was told.
  ///
  /// @return its version
  public long revoke(boolean nowAll) {
    wanted.clear();
    touched.clear();
    hash = 0;
    return told(0, nowAll);
  }

  // What is to be told.

  /// The answer about this tag may have changed.
  ///
  /// @return whether that is news
  public boolean touch(long tag) {
    return touched.add(tag);
  }

  public int touchedCount() {
    return touched.size();
  }

  /// The tags of which the answer may have changed, ascending; none afterwards.
  public long[] takeTouched() {
    long[] tags = touched.toSortedArray();
    touched.clear();
    return tags;
  }

  /// The child has advertised these tags: answer for them when it can be done.
  public void await(Awaiting advertised) {
    if (awaiting == null) {
      awaiting = new ArrayDeque<>(2);
    }
    awaiting.add(advertised);
    awaitingTags += advertised.tags().length;
  }

  /// The oldest advertisement that is not answered for; null if all are.
  @Nullable
  public Awaiting oldest() {
    return awaiting == null ? null : awaiting.peek();
  }

  public void takeOldest() {
    if (awaiting != null) {
      awaitingTags -= awaiting.remove().tags().length;
      awaiting = awaiting.isEmpty() ? null : awaiting;
    }
  }

  public boolean isAwaited() {
    return awaiting != null;
  }

  /// What waits, in memory: about that many tags.
  public long awaitingSize() {
    return awaiting == null ? 0 : awaitingTags + awaiting.size();
  }

  /// No advertisement waits any more.
  public void awaitNothing() {
    awaiting = null;
    awaitingTags = 0;
  }

  // Whether anybody looks at it.

  /// There may be something to tell.
  ///
  /// @return whether that is news
  public boolean queue() {
    boolean news = !queued;
    queued = true;
    return news;
  }

  /// It is looked at now.
  public void unqueue() {
    queued = false;
  }
}
