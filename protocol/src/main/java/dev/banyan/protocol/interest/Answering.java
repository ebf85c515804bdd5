package dev.banyan.protocol.interest;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.link.AnsweredInterest;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Answers on their way down: which of a child's own tags somebody outside its subtree wants, up to the newest version of
/// its interest for which that is known.
final class Answering {

  /// Tags in one message; a longer change is several, and counts as answered with the last.
  private static final int CHUNK = 1 << 18;

  private static final long[] NOTHING = {};

  private final Links links;
  private final Turn turn;
  private final TagTable table;
  private final Resolution resolution;
  private final Advertising advertising;
  private final long coalesceNanos;
  private final boolean root;
  private int holdersOfAll;

  // Children to which there may be something to say: a router has many, and mostly little news.
  private List<Link> awaiting = new ArrayList<>(2);
  private boolean allAwait;

  Answering(
      Links links,
      Turn turn,
      TagTable table,
      Resolution resolution,
      Advertising advertising,
      long coalesceNanos,
      boolean root) {
    this.links = links;
    this.turn = turn;
    this.table = table;
    this.resolution = resolution;
    this.advertising = advertising;
    this.coalesceNanos = coalesceNanos;
    this.root = root;
  }

  /// The answer about this tag may have changed for the child that holds this slot, if a child does.
  void touch(int slot, long tag) {
    Link link = links.bySlot(slot);
    if (link != null) {
      touch(link, tag);
    }
  }

  /// The answer about this tag may have changed for whoever asks about it.
  ///
  /// @param asking says which, and is in the table if anybody does
  void touchAsking(long asking) {
    int alone = table.soleHolder(asking);
    if (alone != 0) {
      touch(alone, asking);
    } else if (table.contains(asking)) {
      for (Link link : links.children()) {
        if (link.child().interest().contains(asking)) {
          touch(link, asking);
        }
      }
    }
  }

  private void touch(Link link, long tag) {
    Child child = link.child();
    if (tellsApartAsWe(child) && child.answered().touch(tag)) {
      mayAnswer(link);
      armFlush();
    }
  }

  private void mayAnswer(Link link) {
    if (link.child().answered().queue()) {
      awaiting.add(link);
    }
  }

  /// Answers are about tags as the child cuts them; a child that cuts them otherwise gets none.
  private boolean tellsApartAsWe(Child child) {
    return child.interest().bits() == resolution.bits();
  }

  /// How many want everything, of the children and the node itself, from now on.
  void wantAll(int holders) {
    holdersOfAll = holders;
    allMayHaveChanged();
  }

  /// Whether everything is wanted outside may have changed for each child.
  void allMayHaveChanged() {
    if (links.children().length > 0) {
      allAwait = true;
      armFlush();
    }
  }

  private boolean allWantedOutside(Child child) {
    Link parent = links.parent();
    return holdersOfAll > (child.interest().all() ? 1 : 0)
        || parent != null && parent.uplink().wantedAll();
  }

  void armFlush() {
    turn.armUnlessArmed(TreeTimer.FLUSH, coalesceNanos);
  }

  /// The parent has answered: those who wait for that may be answered now.
  void parentAnswered() {
    if (allAwait || !awaiting.isEmpty()) {
      armFlush();
    }
  }

  private void enqueue(Link link, long version, long needed, long[] tags) {
    link.child().answered().await(new AnsweredInterest.Awaiting(version, needed, tags));
    mayAnswer(link);
    armFlush();
  }

  /// The child has advertised these tags: answer for them once the parent has answered for `needed`. If it goes on
  /// advertising while nothing can be answered, what waits stays in proportion to what it wants.
  void enqueueBounded(Link link, long version, long needed, long[] tags) {
    Child child = link.child();
    enqueue(link, version, needed, tags);
    if (child.answered().awaitingSize() > 2L * child.interest().size() + 1_024) {
      enqueueAll(link);
    }
  }

  /// What the children were answered stood on what the parent said, and that is void: take it back.
  void revokeAll() {
    for (Link link : links.children()) {
      if (!link.child().answered().isEmpty()) {
        revoke(link);
      }
      enqueueAll(link);
    }
  }

  /// The child cuts its tags otherwise from now on: what it was answered means nothing any more.
  void forget(Link link) {
    AnsweredInterest answered = link.child().answered();
    answered.awaitNothing();
    if (!answered.isEmpty()) {
      revoke(link);
    }
  }

  /// A child lost track of what it was answered: from the beginning.
  void answerAnew(Link link) {
    revoke(link);
    enqueueAll(link);
  }

  /// Takes back all that the child was answered, until it is answered anew.
  void revoke(Link link) {
    boolean all = allWantedOutside(link.child());
    long version = link.child().answered().revoke(all);
    turn.send(link.id(), new Message.Wanted(version, 0, all, true, NOTHING, NOTHING, 0));
  }

  private void enqueueAll(Link link) {
    Child child = link.child();
    child.answered().awaitNothing();
    if (!tellsApartAsWe(child)) {
      return;
    }
    long needed = root ? 0 : advertising.completeVersion();
    enqueue(link, child.interest().version(), needed, child.interest().toSortedArray());
  }

  /// Sends each child what has changed for it since something was sent last.
  void flushAll() {
    List<Link> now = awaiting;
    awaiting = new ArrayList<>(2);
    for (Link link : now) {
      if (!link.isGone()) {
        link.child().answered().unqueue();
        if (link.congested()) {
          mayAnswer(link); // when it has drained
          continue;
        }
        flush(link);
        if (link.child().answered().isAwaited()) {
          mayAnswer(link); // until the parent has answered
        }
      }
    }
    if (allAwait) {
      allAwait = false;
      for (Link link : links.children()) {
        if (link.congested()) {
          mayAnswer(link);
        } else {
          flush(link);
        }
      }
    }
  }

  /// Sends what has changed since something was sent last.
  void flush(Link link) {
    Child child = link.child();
    AnsweredInterest answered = child.answered();
    long upTo = answerable(child);
    if (upTo == 0 && answered.isAwaited() && answered.touchedCount() == 0) {
      return; // as long as nothing is answered, everything may be wanted: no need to say that it is
    }
    if (upTo == answered.upTo()
        && answered.touchedCount() == 0
        && answered.all() == allWantedOutside(child)) {
      return;
    }
    long[] changed = answered.takeTouched();
    int from = 0;
    do {
      int to = Math.min(changed.length, from + CHUNK);
      send(link, Arrays.copyOfRange(changed, from, to), to == changed.length, upTo);
      from = to;
    } while (from < changed.length);
  }

  private void send(Link link, long[] changed, boolean last, long upTo) {
    Child child = link.child();
    AnsweredInterest answered = child.answered();
    long[] added = new long[changed.length];
    long[] removed = new long[changed.length];
    int adds = 0;
    int removes = 0;
    for (long tag : changed) {
      if (wantedOutside(child, tag)) {
        // Said again when it was said before: that may have been about an earlier advertisement of
        // the tag.
        added[adds++] = tag;
        answered.want(tag);
      } else if (answered.unwant(tag)) {
        removed[removes++] = tag;
      }
    }
    long answers = last ? upTo : answered.upTo();
    boolean all = allWantedOutside(child);
    if (answers == answered.upTo() && adds == 0 && removes == 0 && answered.all() == all) {
      return;
    }
    long version = answered.told(answers, all);
    turn.send(
        link.id(),
        new Message.Wanted(
            version,
            answers,
            all,
            false,
            Arrays.copyOf(added, adds),
            Arrays.copyOf(removed, removes),
            answered.toldHash()));
  }

  private boolean wantedOutside(Child child, long tag) {
    boolean wanted =
        Tags.isInbox(tag)
            ? table.wantedOutside(tag) || table.wantedByOther(Tags.askedBy(tag), child.slot())
            : table.wantedElsewhere(tag);
    return wanted && child.interest().contains(tag);
  }

  /// The newest version of the child's interest for which all that matters is known; those of its tags of which there is
  /// something to say count as changed.
  private long answerable(Child child) {
    AnsweredInterest answered = child.answered();
    long upTo = answered.upTo();
    if (!tellsApartAsWe(child)) {
      return upTo;
    }
    for (AnsweredInterest.Awaiting oldest = answered.oldest();
        oldest != null && isKnown(oldest);
        oldest = answered.oldest()) {
      answered.takeOldest();
      upTo = Math.max(upTo, oldest.version());
      long[] tags = oldest.tags();
      for (int i = 0; i < tags.length; i++) {
        table.readAhead(tags, i);
        long tag = tags[i];
        if (wantedOutside(child, tag) || answered.isWanted(tag)) {
          answered.touch(tag);
        }
      }
    }
    return upTo;
  }

  private boolean isKnown(AnsweredInterest.Awaiting entry) {
    Link parent = links.parent();
    if (root) {
      return true;
    }
    if (parent == null || parent.uplink().answered() < entry.needed()) {
      return false;
    }
    // What was gathered when the child advertised may have gone up in several versions since.
    long[] tags = entry.tags();
    for (int i = 0; i < tags.length; i++) {
      table.readAhead(tags, i);
      if (table.version(tags[i]) > parent.uplink().answered()) {
        return false;
      }
    }
    return true;
  }
}
