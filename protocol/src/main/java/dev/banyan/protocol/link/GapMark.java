package dev.banyan.protocol.link;

import dev.banyan.filter.ExactFilter;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.turn.Turn;

/// The tags of multicasts that a congested link could not take, until a [Message.Gap] says so in their place.
public final class GapMark {

  private final ExactFilter tags;
  private boolean any;
  private long dropped;
  private int hops;

  GapMark(Turn turn) {
    tags = new ExactFilter(turn.seed());
  }

  boolean isEmpty() {
    return !any && tags.size() == 0;
  }

  public void dropped() {
    dropped++;
  }

  public void add(long tag, int maxTags) {
    if (any) {
      return;
    }
    if (!tags.mightContain(tag)) {
      tags.add(tag);
    }
    if (tags.size() > maxTags) {
      addAny();
    }
  }

  /// Takes in another's mark, with what it means and how far it has come.
  public void merge(Message.Gap gap, int maxTags) {
    hops = Math.max(hops, gap.hops());
    if (gap.all()) {
      addAny();
    }
    for (long tag : gap.tags()) {
      add(tag, maxTags);
    }
  }

  /// The mark as a message; empty afterwards.
  public Message.Gap take() {
    Message.Gap gap = new Message.Gap(Math.max(1, hops), any ? new long[0] : tags.toSortedArray());
    tags.clear();
    any = false;
    dropped = 0;
    hops = 0;
    return gap;
  }

  /// The mark cannot name what was dropped: it means any tag.
  public void addAny() {
    any = true;
  }

  public long droppedCount() {
    return dropped;
  }

  /// What it takes on the wire, more or less; 0 when there is nothing to say.
  public long sizeBytes() {
    return isEmpty() ? 0 : 16 + (any ? 0 : 8L * tags.size());
  }
}
