package dev.banyan.sim;

import dev.banyan.filter.TagChange;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Tags;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the messages on one link say about interest, worked out a second time and as simply as possible, from what the
/// owner of this end has received and sent there and from nothing else.
public final class LinkOracle {

  /// What the child at the other side wants: the sum of the [Message.Interest] received.
  private final TreeSet<Long> wantedBelow = new TreeSet<>();

  private int bitsBelow = Long.SIZE;
  private boolean allBelow;
  private long versionBelow;

  /// What the owner has advertised to the parent at the other side, each tag with the version that added it.
  private final TreeMap<Long, Long> advertised = new TreeMap<>();

  private int bitsAbove = Long.SIZE;

  /// What the parent has called wanted, and up to which version of ours it has answered.
  private final Set<Long> wantedAbove = new HashSet<>();

  private boolean allWantedAbove;
  private long versionAbove;
  private long answeredAbove;

  public void received(Message.Interest interest) {
    if (!interest.snapshot() && interest.version() != versionBelow + 1) {
      return;
    }
    versionBelow = interest.version();
    allBelow = interest.all();
    if (interest.snapshot()) {
      wantedBelow.clear();
      bitsBelow = interest.bits();
    }
    for (long tag : removed(interest, wantedBelow)) {
      wantedBelow.remove(tag);
    }
    for (long tag : interest.added()) {
      wantedBelow.add(tag);
    }
  }

  public void sent(Message.Interest interest) {
    if (interest.bits() != bitsAbove) {
      advertised.clear(); // other names for the same tags: nothing has been said of them
      wantedAbove.clear();
      bitsAbove = interest.bits();
    }
    if (interest.snapshot()) {
      Set<Long> kept = new HashSet<>();
      for (long tag : interest.added()) {
        kept.add(tag);
      }
      advertised.keySet().retainAll(kept);
      wantedAbove.retainAll(kept);
    }
    for (long tag : removed(interest, advertised.navigableKeySet())) {
      advertised.remove(tag);
      wantedAbove.remove(tag); // an answer ends with what it answers
    }
    for (long tag : interest.added()) {
      advertised.putIfAbsent(tag, interest.version());
    }
  }

  /// The tags that a message removes from what was said before: of those that begin alike, and are not removed before it,
  /// as many are below each as its place says.
  private static Set<Long> removed(Message.Interest interest, NavigableSet<Long> said) {
    TagChange change = interest.change();
    Set<Long> removed = new HashSet<>();
    long last = (1L << (Long.SIZE - change.width() + change.cut())) - 1;
    for (int i = 0; i < change.removed().length; i++) {
      long first = change.removed()[i];
      if (change.cut() == 0) {
        removed.add(first);
        continue;
      }
      removed.add(
          said.subSet(first, true, first | last, true).stream()
              .filter(tag -> !removed.contains(tag))
              .skip(change.places()[i])
              .findFirst()
              .orElseThrow(() -> new AssertionError("a tag is removed that was never said")));
    }
    return removed;
  }

  public void received(Message.Wanted wanted) {
    if (!wanted.snapshot() && wanted.version() != versionAbove + 1) {
      return;
    }
    versionAbove = wanted.version();
    allWantedAbove = wanted.all();
    answeredAbove = Math.max(answeredAbove, wanted.answers());
    if (wanted.snapshot()) {
      wantedAbove.clear();
    }
    for (long tag : wanted.removed()) {
      wantedAbove.remove(tag);
    }
    for (long tag : wanted.added()) {
      Long since = advertised.get(tag);
      if (since != null
          && since <= wanted.answers()) { // else it answers an earlier life of the tag
        wantedAbove.add(tag);
      }
    }
  }

  /// Whether a record with this tag must go down this link.
  public boolean wantsBelow(long tag) {
    return wantedBelow.contains(cut(tag, bitsBelow)) || allBelow && !Tags.isInbox(tag);
  }

  /// Whether the parent has said that nobody outside wants this tag: of the tag itself, or when it was asked about it.
  public boolean unwantedAbove(long tag) {
    long cut = cut(tag, bitsAbove);
    return !allWantedAbove && (answeredNo(cut) || answeredNo(cut | Long.MIN_VALUE));
  }

  private boolean answeredNo(long cut) {
    Long since = advertised.get(cut);
    return since != null && since <= answeredAbove && !wantedAbove.contains(cut);
  }

  public boolean hasAdvertised(long tag) {
    return advertised.containsKey(cut(tag, bitsAbove));
  }

  private static long cut(long tag, int bits) {
    return tag >>> (Long.SIZE - bits) << (Long.SIZE - bits);
  }

  /// What is known of a tag upwards, for a message.
  public String above(long whole) {
    long tag = cut(whole, bitsAbove);
    Long since = advertised.get(tag);
    return (since == null ? "never advertised" : "advertised since version " + since)
        + ", answered up to "
        + answeredAbove
        + (wantedAbove.contains(tag) ? ", wanted" : ", not wanted");
  }
}
