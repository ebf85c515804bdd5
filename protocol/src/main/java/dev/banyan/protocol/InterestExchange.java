package dev.banyan.protocol;

import dev.banyan.filter.ExactFilter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Interest on its way up and the answers on their way down (§2.6).
///
/// Up a link goes the union of what the subtree wants; down it goes which of the child's own tags somebody outside
/// wants. Both as versioned changes, gathered for a few milliseconds; what is gathered travels before an anycast or a
/// fence does.
final class InterestExchange {

  /// Tags in one message; a longer snapshot is one message and changes that follow it.
  private static final int CHUNK = 1 << 16;

  private final Links links;
  private final Turn turn;
  private final TreeConfig config;
  private final Tally tally;
  private final boolean root;
  private final TagTable table = new TagTable();
  private final ExactFilter own = new ExactFilter();

  InterestExchange(Links links, Turn turn, TreeConfig config, Tally tally, boolean root) {
    this.links = links;
    this.turn = turn;
    this.config = config;
    this.tally = tally;
    this.root = root;
  }

  int size() {
    return table.size();
  }

  /// Whether the node itself wants the tag.
  boolean ownContains(long tag) {
    return own.mightContain(tag);
  }

  int ownSize() {
    return own.size();
  }

  /// Whether an update of this tag need not go to the parent: it has said that nobody outside wants it.
  boolean withheldUp(long tag) {
    Link parent = links.parent();
    return config.rules().upwardPruning()
        && parent != null
        && !Tags.isInbox(tag)
        && table.unwantedOutside(tag, parent.uplink().answered);
  }

  void onChangeInterest(Event.ChangeInterest change) {
    for (long tag : change.added()) {
      if (!own.mightContain(tag)) {
        own.add(tag);
        added(tag, TagSlots.SELF);
      }
    }
    for (long tag : change.removed()) {
      if (own.mightContain(tag)) {
        own.remove(tag);
        removed(tag, TagSlots.SELF);
      }
    }
  }

  // From children.

  /// @return why the link must be closed, or null
  @Nullable String onInterest(Link from, Message.Interest message) {
    tally.count(Tally.Count.INTEREST_IN);
    Child child = from.child();
    if (message.snapshot()) {
      forgetAllBut(child, message.added());
    } else if (message.version() != child.interestVersion + 1) {
      askAgain(from, child.interestVersion);
      return null;
    }
    child.interestVersion = message.version();
    long needed = 0;
    for (long tag : message.removed()) {
      if (child.interest.mightContain(tag)) {
        forget(child, tag);
      }
    }
    for (long tag : message.added()) {
      if (!child.interest.mightContain(tag)) {
        child.interest.add(tag);
        child.interestHash ^= Tags.hashOf(tag);
        added(tag, child.slot());
      }
      if (child.interest.size() > config.limits().maxTagsPerLink()) {
        return "more than "
            + config.limits().maxTagsPerLink()
            + " tags of interest: raise maxTagsPerLink, or want less";
      }
      needed = Math.max(needed, table.version(tag));
    }
    child.unanswered.add(new Child.Unanswered(message.version(), needed, message.added()));
    armFlush();
    if (child.interestHash != message.hash()) {
      askAgain(from, child.interestVersion);
    }
    return null;
  }

  /// The child is gone, and what it wanted.
  void dropChild(Child child) {
    for (long tag : child.interest.toSortedArray()) {
      child.interest.remove(tag);
      removed(tag, child.slot());
    }
  }

  private void forgetAllBut(Child child, long[] kept) {
    ExactFilter keep = new ExactFilter();
    for (long tag : kept) {
      keep.add(tag);
    }
    for (long tag : child.interest.toSortedArray()) {
      if (!keep.mightContain(tag)) {
        forget(child, tag);
      }
    }
  }

  private void forget(Child child, long tag) {
    child.interest.remove(tag);
    child.interestHash ^= Tags.hashOf(tag);
    if (child.wanted.mightContain(tag)) {
      child.wanted.remove(tag);
      child.wantedHash ^= Tags.hashOf(tag);
    }
    removed(tag, child.slot());
  }

  private void askAgain(Link link, long heldVersion) {
    tally.count(Tally.Count.RESENDS_ASKED);
    turn.report(Effect.Report.Kind.RESEND_ASKED, link.peer(), "", heldVersion);
    turn.send(link, new Message.Resend(heldVersion));
  }

  /// A heartbeat of a child says what it advertised last: on an ordered link that is what we hold, or we ask.
  void checkAdvertised(Link from, long version, long hash) {
    Child child = from.child();
    if (version != child.interestVersion || hash != child.interestHash) {
      askAgain(from, child.interestVersion);
    }
  }

  // From the parent.

  void onWanted(Link from, Message.Wanted message) {
    tally.count(Tally.Count.WANTED_IN);
    Uplink up = from.uplink();
    if (!message.snapshot() && message.version() != up.wantedVersion + 1) {
      askAgain(from, up.wantedVersion);
      return;
    }
    up.wantedVersion = message.version();
    up.wantedHash = message.hash();
    if (from != links.parent()) {
      return;
    }
    boolean revoked = message.answers() < up.answered;
    up.answered = message.answers();
    if (message.snapshot()) {
      ExactFilter wanted = new ExactFilter();
      for (long tag : message.added()) {
        wanted.add(tag);
      }
      for (long tag : table.toArray()) {
        if (!wanted.mightContain(tag)) {
          upstreamChanged(tag, false, message.answers());
        }
      }
    }
    for (long tag : message.removed()) {
      upstreamChanged(tag, false, message.answers());
    }
    for (long tag : message.added()) {
      upstreamChanged(tag, true, message.answers());
    }
    if (revoked) {
      revokeAnswers();
    }
    armFlush();
  }

  /// A heartbeat of the parent says what it answered last.
  void checkAnswered(Link from, long version, long hash) {
    Uplink up = from.uplink();
    if (version != up.wantedVersion || hash != up.wantedHash) {
      askAgain(from, up.wantedVersion);
    }
  }

  private void upstreamChanged(long tag, boolean wanted, long answers) {
    if (table.setWanted(tag, wanted, answers) && table.holders(tag) == 1) {
      touchWanted(table.soleHolder(tag), tag);
    }
  }

  // Changes of the union.

  private void added(long tag, int slot) {
    int holders = table.add(tag, slot, nextVersion());
    if (holders == 1) {
      touchUp(tag);
    } else if (holders == 2) {
      touchWanted(table.soleHolder(tag) ^ slot, tag);
    }
  }

  private void removed(long tag, int slot) {
    int holders = table.remove(tag, slot);
    if (holders == 0) {
      touchUp(tag);
    } else if (holders == 1) {
      touchWanted(table.soleHolder(tag), tag);
    }
  }

  private long nextVersion() {
    Link parent = links.parent();
    return parent == null ? Integer.MAX_VALUE : parent.uplink().sentVersion + 1;
  }

  private void touchUp(long tag) {
    for (Link link : links.uplinks()) {
      if (!link.uplink().changed.mightContain(tag)) {
        link.uplink().changed.add(tag);
        armFlush();
      }
    }
  }

  private void touchWanted(int slot, long tag) {
    Link link = links.bySlot(slot);
    if (link != null) {
      touchWanted(link, tag);
    }
  }

  private void touchWanted(Link link, long tag) {
    if (!link.child().changedWanted.mightContain(tag)) {
      link.child().changedWanted.add(tag);
      armFlush();
    }
  }

  // Sending.

  void armFlush() {
    if (!turn.isArmed(TreeTimer.FLUSH)) {
      turn.arm(TreeTimer.FLUSH, config.timing().coalesceNanos());
    }
  }

  void onFlushTimer() {
    for (Link link : links.uplinks()) {
      flushUp(link);
    }
    for (Link link : links.children()) {
      flushWanted(link);
    }
  }

  /// Sends what is gathered for this link, whichever way it goes.
  void flush(Link link) {
    if (link.isChild()) {
      flushWanted(link);
    } else if (link.hasUplink()) {
      flushUp(link);
    }
  }

  /// Whether an update of this tag would overtake its own advertisement on the way to the parent.
  boolean wouldOvertake(Link link, Multicast multicast) {
    ExactFilter changed = link.uplink().changed;
    if (changed.size() == 0) {
      return false;
    }
    for (int r = 0; r < multicast.recordCount(); r++) {
      for (int i = 0; i < multicast.tagCount(r); i++) {
        if (changed.mightContain(multicast.tag(r, i))) {
          return true;
        }
      }
    }
    return false;
  }

  /// The link to a new parent begins with all we want.
  void advertiseAll(Link link) {
    links.carryUp(link);
    sendSnapshot(link);
  }

  /// A parent lost track of what we want.
  void onResendInterest(Link link) {
    sendSnapshot(link);
    if (link == links.parent()) {
      // What it answers from now on is about the snapshot.
      table.forgetWanted(link.uplink().sentVersion);
      link.uplink().answered = 0;
      revokeAnswers();
      armFlush();
    }
  }

  private void sendSnapshot(Link link) {
    Uplink up = link.uplink();
    clear(up.changed);
    long[] all = table.toArray();
    Arrays.sort(all);
    up.sentHash = 0;
    sendChunks(link, true, all, new long[0]);
  }

  private void flushUp(Link link) {
    Uplink up = link.uplink();
    if (up.changed.size() == 0) {
      return;
    }
    long[] changed = up.changed.toSortedArray();
    clear(up.changed);
    long[] added = new long[changed.length];
    long[] removed = new long[changed.length];
    int adds = 0;
    int removes = 0;
    for (long tag : changed) {
      if (table.contains(tag)) {
        added[adds++] = tag;
      } else {
        removed[removes++] = tag;
      }
    }
    sendChunks(link, false, Arrays.copyOf(added, adds), Arrays.copyOf(removed, removes));
  }

  private void sendChunks(Link link, boolean snapshot, long[] added, long[] removed) {
    Uplink up = link.uplink();
    int total = added.length + removed.length;
    int from = 0;
    boolean first = snapshot;
    do {
      int to = Math.min(total, from + CHUNK);
      long[] less =
          Arrays.copyOfRange(removed, Math.min(from, removed.length), Math.min(to, removed.length));
      long[] more =
          Arrays.copyOfRange(
              added, Math.max(0, from - removed.length), Math.max(0, to - removed.length));
      up.sentVersion++;
      if (to == total) {
        up.sentHash = table.hash();
      } else {
        up.sentHash = hashAfter(up.sentHash, more, less);
      }
      turn.send(link, new Message.Interest(up.sentVersion, first, more, less, up.sentHash));
      if (link == links.parent()) {
        for (long tag : more) {
          table.setVersion(tag, up.sentVersion);
        }
      }
      first = false;
      from = to;
    } while (from < total);
  }

  private static long hashAfter(long hash, long[] added, long[] removed) {
    for (long tag : added) {
      hash ^= Tags.hashOf(tag);
    }
    for (long tag : removed) {
      hash ^= Tags.hashOf(tag);
    }
    return hash;
  }

  // The parent comes and goes.

  /// Another link is the parent's now: all it has said so far is nothing.
  void parentChanged() {
    Link parent = links.parent();
    if (parent == null) {
      table.forgetWanted(Integer.MAX_VALUE);
    } else {
      Uplink up = parent.uplink();
      table.forgetWanted(up.sentVersion);
      for (long tag : up.changed.toSortedArray()) {
        if (table.contains(tag)) {
          table.setVersion(tag, up.sentVersion + 1);
        }
      }
      up.answered = 0;
    }
    revokeAnswers();
  }

  /// What the children were answered stood on what the parent said: take it back.
  private void revokeAnswers() {
    for (Link link : links.children()) {
      Child child = link.child();
      if (child.answers != 0 || child.wanted.size() != 0) {
        resetWanted(link);
      }
      answerAnew(child);
    }
  }

  private void answerAnew(Child child) {
    child.unanswered.clear();
    child.unanswered.add(
        new Child.Unanswered(
            child.interestVersion, neededForAll(), child.interest.toSortedArray()));
  }

  /// The version of our own interest that the parent must have answered before all of ours is.
  private long neededForAll() {
    Link parent = links.parent();
    if (root) {
      return 0;
    }
    if (parent == null) {
      return Long.MAX_VALUE;
    }
    Uplink up = parent.uplink();
    return up.changed.size() > 0 ? up.sentVersion + 1 : up.sentVersion;
  }

  private void resetWanted(Link link) {
    Child child = link.child();
    clear(child.wanted);
    child.wantedHash = 0;
    child.answers = 0;
    child.wantedVersion++;
    turn.send(link, new Message.Wanted(child.wantedVersion, 0, true, new long[0], new long[0], 0));
  }

  /// A child lost track of what we answered.
  void onResendWanted(Link link) {
    resetWanted(link);
    answerAnew(link.child());
    armFlush();
  }

  private void flushWanted(Link link) {
    Child child = link.child();
    long answers = answerable(child);
    if (answers == child.answers && child.changedWanted.size() == 0) {
      return;
    }
    long[] changed = child.changedWanted.toSortedArray();
    long[] added = new long[changed.length];
    long[] removed = new long[changed.length];
    int adds = 0;
    int removes = 0;
    clear(child.changedWanted);
    for (long tag : changed) {
      boolean wanted = wantedOutside(child, tag);
      if (wanted) {
        // Said again when it was said before: it may be about an earlier advertisement of the tag.
        added[adds++] = tag;
        if (!child.wanted.mightContain(tag)) {
          child.wanted.add(tag);
          child.wantedHash ^= Tags.hashOf(tag);
        }
      } else if (child.wanted.mightContain(tag)) {
        child.wanted.remove(tag);
        child.wantedHash ^= Tags.hashOf(tag);
        removed[removes++] = tag;
      }
    }
    if (answers == child.answers && adds == 0 && removes == 0) {
      return;
    }
    child.answers = answers;
    child.wantedVersion++;
    turn.send(
        link,
        new Message.Wanted(
            child.wantedVersion,
            answers,
            false,
            Arrays.copyOf(added, adds),
            Arrays.copyOf(removed, removes),
            child.wantedHash));
  }

  private boolean wantedOutside(Child child, long tag) {
    return child.interest.mightContain(tag)
        && !Tags.isInbox(tag)
        && (table.holders(tag) > 1 || table.wantedOutside(tag));
  }

  /// The newest version of the child's interest for which all that matters is known.
  private long answerable(Child child) {
    Link parent = links.parent();
    long answers = child.answers;
    if (!root && parent == null) {
      return answers;
    }
    while (!child.unanswered.isEmpty()) {
      Child.Unanswered oldest = child.unanswered.element();
      if (!root
          && oldest.needed() > 0
          && (parent == null || parent.uplink().answered < oldest.needed())) {
        break;
      }
      child.unanswered.remove();
      answers = Math.max(answers, oldest.version());
      for (long tag : oldest.tags()) {
        if (!child.changedWanted.mightContain(tag)) {
          child.changedWanted.add(tag);
        }
      }
    }
    return answers;
  }

  private static void clear(ExactFilter set) {
    for (long tag : set.toSortedArray()) {
      set.remove(tag);
    }
  }
}
