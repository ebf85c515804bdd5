package dev.banyan.protocol;

import dev.banyan.filter.ExactFilter;
import org.jspecify.annotations.Nullable;

/// What the subtree wants, who in it wants it, and what the parent said of it (§2.6).
///
/// Up a link goes the union of what the subtree wants ([Advertising]); down it goes which of the child's own tags
/// somebody outside wants ([Answering]). Both as versioned changes, gathered for a few milliseconds; what is gathered
/// travels before an anycast or a fence does.
final class InterestExchange {

  private final Links links;
  private final Turn turn;
  private final TreeConfig config;
  private final Tally tally;
  private final TagTable table;
  private final ExactFilter own;
  private final Advertising advertising;
  private final Answering answering;

  InterestExchange(Links links, Turn turn, TreeConfig config, Tally tally, boolean root) {
    this.links = links;
    this.turn = turn;
    this.config = config;
    this.tally = tally;
    table = new TagTable(turn.seed());
    own = new ExactFilter(turn.seed());
    long coalesceNanos = config.timing().coalesceNanos();
    advertising = new Advertising(links, turn, table, coalesceNanos);
    answering = new Answering(links, turn, table, advertising, coalesceNanos, root);
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

  /// Whether the multicast would overtake the advertisement of one of its tags on the way to the parent.
  boolean wouldOvertake(Link link, Multicast multicast) {
    return advertising.gathers(link, multicast);
  }

  void onChangeInterest(Event.ChangeInterest change) {
    for (long tag : change.added()) {
      if (!own.mightContain(tag)) {
        own.add(tag);
        added(tag, TagSlots.SELF);
      }
    }
    for (long tag : change.removed()) {
      if (own.remove(tag)) {
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
      child.rebuilt = new ExactFilter(turn.seed());
      child.rebuiltHash = 0;
    } else if (message.version() != child.interestVersion + 1) {
      askAgain(from, child.interestVersion);
      return null;
    }
    child.interestVersion = message.version();
    for (long tag : message.removed()) {
      forget(child, tag);
    }
    long needed = 0;
    for (long tag : message.added()) {
      rebuild(child, tag);
      if (!child.interest.mightContain(tag)) {
        child.interest.add(tag);
        child.interestHash ^= Tags.hashOf(tag);
        added(tag, child.slot());
      }
      if (Math.max(child.interest.size(), table.size()) > config.limits().maxTagsPerLink()) {
        return "more than "
            + config.limits().maxTagsPerLink()
            + " tags of interest: raise maxTagsPerLink, or want less";
      }
      needed = Math.max(needed, table.version(tag));
    }
    answering.enqueueBounded(child, message.version(), needed, message.added());
    ExactFilter rebuilt = child.rebuilt;
    if (rebuilt != null && child.rebuiltHash == message.hash()) {
      forgetAllBut(child, rebuilt);
      child.rebuilt = null;
    }
    return null;
  }

  /// A snapshot may come in several messages; what it does not repeat is forgotten when it is complete, not before.
  private static void rebuild(Child child, long tag) {
    ExactFilter rebuilt = child.rebuilt;
    if (rebuilt != null && !rebuilt.mightContain(tag)) {
      rebuilt.add(tag);
      child.rebuiltHash ^= Tags.hashOf(tag);
    }
  }

  /// The child is gone, and what it wanted.
  void dropChild(Child child) {
    for (long tag : child.interest.toSortedArray()) {
      removed(tag, child.slot());
    }
    child.interest.clear();
  }

  private void forgetAllBut(Child child, ExactFilter keep) {
    for (long tag : child.interest.toSortedArray()) {
      if (!keep.mightContain(tag)) {
        forget(child, tag);
      }
    }
  }

  private void forget(Child child, long tag) {
    if (!child.interest.remove(tag)) {
      return;
    }
    child.interestHash ^= Tags.hashOf(tag);
    if (child.wanted.remove(tag)) {
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

  /// A child lost track of what we answered.
  void answerAnew(Link link) {
    answering.answerAnew(link);
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
      for (long tag : table.toArray()) {
        setWanted(tag, false, message.answers());
      }
    }
    for (long tag : message.removed()) {
      setWanted(tag, false, message.answers());
    }
    for (long tag : message.added()) {
      setWanted(tag, true, message.answers());
    }
    if (revoked) {
      answering.revokeAll();
    }
    answering.armFlush();
  }

  private void setWanted(long tag, boolean wanted, long answers) {
    if (table.setWanted(tag, wanted, answers) && table.holders(tag) == 1) {
      answering.touch(table.soleHolder(tag), tag);
    }
  }

  /// A heartbeat of the parent says what it answered last.
  void checkAnswered(Link from, long version, long hash) {
    Uplink up = from.uplink();
    if (version != up.wantedVersion || hash != up.wantedHash) {
      askAgain(from, up.wantedVersion);
    }
  }

  /// Everything from the beginning, to a parent that lost track of what we want, or of whose answers we lost track: all
  /// that it has answered so far is void, and it will answer for the snapshot.
  void advertiseAnew(Link link) {
    advertising.sendSnapshot(link);
    if (link == links.parent()) {
      link.uplink().answered = 0;
      table.forgetWanted(link.uplink().sentVersion);
      answering.revokeAll();
    }
  }

  // The parent comes and goes.

  /// The link to a new parent begins with all we want.
  void advertiseAll(Link link) {
    links.carryUp(link, turn);
    advertising.sendSnapshot(link);
  }

  /// Another link is the parent's now, or none: all that a parent has said so far is void.
  void parentChanged() {
    Link parent = links.parent();
    if (parent == null) {
      table.forgetWanted(Integer.MAX_VALUE);
    } else {
      Uplink up = parent.uplink();
      up.answered = 0;
      table.forgetWanted(up.sentVersion);
      for (long tag : up.changed.toSortedArray()) {
        if (table.contains(tag)) {
          table.setVersion(tag, up.sentVersion + 1);
        }
      }
    }
    answering.revokeAll();
  }

  // Changes of the union.

  private void added(long tag, int slot) {
    int holders = table.add(tag, slot, advertising.nextVersion());
    if (holders == 1) {
      advertising.touch(tag);
    } else if (holders == 2) {
      answering.touch(table.soleHolder(tag) ^ slot, tag);
    }
  }

  private void removed(long tag, int slot) {
    int holders = table.remove(tag, slot);
    if (holders == 0) {
      advertising.touch(tag);
    } else if (holders == 1) {
      answering.touch(table.soleHolder(tag), tag);
    }
  }

  // Sending.

  void onFlushTimer() {
    for (Link link : links.uplinks()) {
      advertising.flush(link);
    }
    for (Link link : links.children()) {
      answering.flush(link);
    }
  }

  /// Sends what is gathered for this link, whichever way it goes.
  void flush(Link link) {
    if (link.isChild()) {
      answering.flush(link);
    } else if (link.hasUplink()) {
      advertising.flush(link);
    }
  }
}
