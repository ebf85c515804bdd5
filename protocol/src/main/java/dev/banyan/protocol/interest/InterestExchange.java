package dev.banyan.protocol.interest;

import dev.banyan.filter.ExactFilter;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Advertised;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.link.TagSlots;
import dev.banyan.protocol.link.Uplink;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the subtree wants, who in it wants it, and what the parent said of it (§2.6).
///
/// Up a link goes the union of what the subtree wants ([Advertising]); down it goes which of the child's own tags
/// somebody outside wants ([Answering]). Both as versioned changes, gathered for a few milliseconds; what is gathered
/// travels before an anycast or a fence does.
public final class InterestExchange {

  /// In place of the limit of tags, for a moment: between two heartbeats several children may come to want more.
  static final int TOLERATED = 2;

  /// So often in a row a node tells less apart as its children do; then as little as is ever told, so that nobody makes the
  /// whole tree send everything anew for each bit. A guess: more than children differ that come back at once.
  private static final int MOST_COARSENED = 6;

  private final Links links;
  private final Turn turn;
  private final TreeConfig config;
  private final Tally tally;
  private final boolean root;
  private final Allowance allowance = new Allowance();
  private final Resolution resolution;
  private final TagTable table;
  private final ExactFilter own;
  private final Advertising advertising;
  private final Answering answering;
  private final Departed departed = new Departed();
  private boolean ownAll;
  private boolean resolved;
  private long resolvedNanos;

  /// How often in a row fewer bits were told apart, none of them long after the one before.
  private int coarsened;

  public InterestExchange(Links links, Turn turn, TreeConfig config, Tally tally, boolean root) {
    this.links = links;
    this.turn = turn;
    this.config = config;
    this.tally = tally;
    this.root = root;
    resolution = new Resolution(config.filtering(), root, allowance);
    table = new TagTable(turn.seed());
    own = new ExactFilter(turn.seed());
    long coalesceNanos = config.timing().coalesceNanos();
    advertising = new Advertising(links, turn, table, resolution, coalesceNanos);
    answering = new Answering(links, turn, table, resolution, advertising, coalesceNanos, root);
  }

  public int size() {
    return table.size();
  }

  /// How many tags a node wanted that is away: they count for it when it comes back.
  int tagsAway(NodeId node) {
    return departed.tagsOf(node);
  }

  /// Room is needed for those who are here.
  void forgetAway() {
    departed.forgetAll(this::dropChild);
  }

  /// What the parent lets this node want.
  Allowance allowance() {
    return allowance;
  }

  /// How many leading bits of a tag this node tells apart.
  public int bits() {
    return resolution.bits();
  }

  /// How many the tree should tell apart, as far as this node has heard.
  public int aim() {
    return resolution.aim();
  }

  /// Whether the node itself wants the tag.
  public boolean wantedHere(long tag) {
    return own.mightContain(tag) || ownAll && !Tags.isInbox(tag);
  }

  /// Whether the node wants nothing but its inbox, as routers do.
  public boolean nothingWantedHere() {
    return own.size() <= 1 && !ownAll;
  }

  /// Whether an update of this tag need not go to the parent: it has said that nobody outside wants it.
  public boolean withheldUp(long tag) {
    return upward(tag) == Message.Upward.UNWANTED;
  }

  /// Whether a question about this tag need not go to the parent: it has said that nobody outside wants it, and knew then of
  /// all that is wanted here now. To withhold an update less is enough, as whoever begins to want it fetches it. But what
  /// is wanted here since just now was not sent here before, and somebody outside may hold it since just before.
  public boolean nobodyOutside(long tag) {
    Link parent = links.parent();
    return parent != null
        && withheldUp(tag)
        && parent.uplink().answered() >= advertising.completeVersion();
  }

  /// Whether an update of this tag goes to the parent, and why.
  Message.Upward upward(long tag) {
    Link parent = links.parent();
    if (parent == null) {
      return Message.Upward.NO_PARENT;
    }
    if (!config.rules().upwardPruning()) {
      return Message.Upward.RULE;
    }
    if (Tags.isInbox(tag)) {
      return Message.Upward.INBOX;
    }
    if (parent.uplink().wantedAll()) {
      return Message.Upward.EVERYTHING;
    }
    long cut = resolution.cut(tag);
    long told = table.contains(cut) ? cut : Tags.asking(cut);
    return table.outside(told, parent.uplink().answered());
  }

  /// What the node knows of interest.
  ///
  /// @param asked tags of which more is told
  public Message.NodeInterest tell(long[] asked) {
    Link parent = links.parent();
    long wanted = 0;
    List<Message.Upward> upward = new ArrayList<>(asked.length);
    for (int i = 0; i < asked.length; i++) {
      wanted |= wantedHere(asked[i]) ? 1L << i : 0;
      upward.add(upward(asked[i]));
    }
    return new Message.NodeInterest(
        table.size(),
        resolution.bits(),
        resolution.aim(),
        parent == null ? 0 : parent.uplink().sentVersion(),
        parent == null ? 0 : parent.uplink().answered(),
        wanted,
        List.copyOf(upward));
  }

  /// Whether the multicast would overtake the advertisement of one of its tags on the way to the parent.
  public boolean wouldOvertake(Link link, Multicast multicast) {
    return advertising.gathers(link, multicast);
  }

  public void onChangeInterest(Event.ChangeInterest change) {
    table.expect(change.added().length);
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
    if (links.parent() == null) {
      reconsider();
    }
  }

  public void onWantAll(Event.WantAll change) {
    ownAll = change.all();
    countAll();
  }

  private void countAll() {
    int holders = ownAll ? 1 : 0;
    for (Link link : links.children()) {
      holders += link.child().interest().all() ? 1 : 0;
    }
    for (Child away : departed.children()) {
      holders += away.interest().all() ? 1 : 0;
    }
    advertising.wantAll(holders > 0);
    // Somebody unknown may be away: then questions of all tags must come by here.
    answering.wantAll(holders + (departed.unknown() ? 1 : 0));
  }

  /// A root that has just started: whoever was below it in its former life may be on the way back.
  public void startRoot() {
    if (config.timing().youthNanos() > 0) {
      departed.unknownUntil(turn.nowNanos() + config.timing().youthNanos());
      countAll();
    }
  }

  /// Whether somebody may hold the tag who belongs here and cannot be asked.
  ///
  /// @param asker is here, whoever else is away
  public boolean mayBeAway(long tag, NodeId asker) {
    return departed.mayHold(tag, asker);
  }

  // What is told apart.

  /// Time to look at how much is wanted.
  ///
  /// @param settled whether a root has been up long enough to know its tree
  /// @return whether the tree should tell more or less apart from now on
  public boolean onHeartbeatTimer(boolean settled) {
    if (departed.expire(turn.nowNanos(), this::dropChild)) {
      countAll();
    }
    boolean news = root && settled && resolution.choose(table.size());
    reconsider();
    return news;
  }

  /// The parent says what the tree should tell apart, and how much may be wanted.
  ///
  /// @return whether it is news that those below should hear at once
  public boolean told(Link parent, Message.Heartbeat.FromParent beat) {
    int before = allowance.tags();
    int leastBefore = allowance.leastBits();
    boolean allowed = allow(parent, beat.limits());
    boolean aimed = resolution.told(beat.aim());
    if (allowed || aimed) {
      reconsider();
    }
    return aimed
        || allowance.leastBits() != leastBefore
        || allowed && allowance.isGreat(before, table.size());
  }

  /// The parent says how much may be wanted. The layer above is told, if there may be one: only it can want less.
  ///
  /// @return whether that is news
  private boolean allow(Link parent, Message.InterestLimits limits) {
    boolean news = allowance.told(limits);
    if (news) {
      int inboxes = 1;
      turn.effects().add(new Effect.MayWant(allowance.tags() - inboxes, parent.peer()));
    }
    return news;
  }

  private void reconsider() {
    int bits = resolution.wish(table.size());
    for (Link link : links.children()) {
      Advertised said = link.child().interest();
      if (said.size() > 0) {
        bits = Math.min(bits, said.bits());
      }
    }
    for (Child away : departed.children()) {
      bits = Math.min(bits, away.interest().size() > 0 ? away.interest().bits() : bits);
    }
    boolean mayNot = resolution.bits() < allowance.leastBits();
    if (bits < resolution.bits() || bits > resolution.bits() && (mayNot || !isRecent())) {
      resolve(bits);
    }
  }

  /// A child that cuts its tags short, and does not, and does, must not make the whole tree send everything anew each
  /// time: to tell less apart cannot wait, to tell more can.
  private boolean isRecent() {
    return resolved && turn.nowNanos() - resolvedNanos < config.timing().graceNanos();
  }

  /// Everything that was built on the former number of bits is built anew.
  private void resolve(int bits) {
    tally.count(Tally.Count.RESOLUTIONS);
    coarsened = bits < resolution.bits() && isRecent() ? coarsened + 1 : 0;
    resolved = true;
    resolvedNanos = turn.nowNanos();
    resolution.set(
        coarsened > MOST_COARSENED ? Math.min(bits, config.filtering().leastBits()) : bits);
    int tags = table.size();
    table.clear(resolution.bits());
    table.expect(tags);
    long version = advertising.nextVersion();
    own.forEach(tag -> table.add(resolution.cut(tag), TagSlots.SELF, version));
    for (Link link : links.children()) {
      int slot = link.child().slot();
      link.child().interest().forEach(tag -> table.add(resolution.cut(tag), slot, version));
    }
    for (Child away : departed.children()) {
      away.interest().forEach(tag -> table.add(resolution.cut(tag), away.slot(), version));
    }
    for (Link link : links.uplinks()) {
      advertiseAnew(link);
    }
    if (links.parent() == null) {
      answering.revokeAll();
    }
  }

  // From children.

  /// @return why the link must be closed, or null
  @Nullable
  public String onInterest(Link from, Message.Interest message) {
    tally.count(Tally.Count.INTEREST_IN);
    Child child = from.child();
    Advertised said = child.interest();
    int leastBits = config.filtering().leastBits();
    int most = most(from);
    if (message.bits() < leastBits) {
      return "interest in tags cut to " + message.bits() + " bits: the least is " + leastBits;
    }
    if (message.snapshot()) {
      beginSnapshot(from, message.bits());
    } else if (message.version() != said.version() + 1 || message.bits() != said.bits()) {
      askAgain(from, said.version());
      return null;
    }
    long[] removed = said.removed(message.change());
    if (removed.length < message.change().removed().length) {
      askAgain(from, said.version());
      return null;
    }
    for (int i = 0; i < removed.length; i++) {
      table.readAhead(removed, i);
      long tag = removed[i];
      if (said.remove(tag)) {
        forget(child, tag);
      }
    }
    long needed = 0;
    long[] added = message.added();
    int expected = Math.clamp((long) most - said.size(), 0, added.length);
    table.expect(expected);
    said.expect(expected);
    for (int i = 0; i < added.length; i++) {
      table.readAhead(added, i);
      long tag = added[i];
      if (said.add(tag)) {
        added(tag, child.slot());
      }
      if (said.size() > most) {
        return "more than " + most + " tags of interest: raise --max-tags-per-link, or want less";
      }
      needed = Math.max(needed, table.version(resolution.cut(tag)));
    }
    boolean all = said.all();
    said.took(message.version(), message.all(), message.hash(), tag -> dropBefore(child, tag));
    if (all != said.all()) {
      countAll();
    }
    if (!departed.isEmpty() && said.isWhole()) {
      departed.isBack(from.peer(), this::dropChild);
    }
    answering.enqueueBounded(from, message.version(), needed, added);
    return null;
  }

  /// More than that no child may have for a moment: a router may have to tell of what its children should not want.
  private int most(Link child) {
    int times = child.peerKind() == NodeKind.ROUTER ? TOLERATED : 1;
    return (int) Math.min(Integer.MAX_VALUE, (long) times * config.limits().maxTagsPerLink());
  }

  private void beginSnapshot(Link from, int bits) {
    Child child = from.child();
    boolean cutOtherwise = bits != child.interest().bits();
    child.interest().beginSnapshot(bits, tag -> removed(tag, child.slot()));
    if (cutOtherwise) {
      answering.forget(from);
    }
    if (bits < resolution.bits()) {
      resolve(bits);
    }
  }

  /// What stood before a snapshot is over: it counts once less, and if the snapshot has not repeated it, not at all.
  private void dropBefore(Child child, long tag) {
    if (child.interest().contains(tag)) {
      removed(tag, child.slot());
    } else {
      forget(child, tag);
    }
  }

  private void forget(Child child, long tag) {
    child.answered().unwant(tag);
    removed(tag, child.slot());
  }

  /// The child is gone, but may be alive and come back, here or elsewhere: what it wanted stands for the grace period.
  public void depart(NodeId node, Child child) {
    if (child.interest().size() == 0 && !child.interest().all()) {
      return;
    }
    departed.add(node, child, turn.nowNanos() + config.timing().graceNanos(), this::dropChild);
    if (child.interest().all() || departed.unknown()) {
      countAll();
    }
  }

  /// The child is gone, and what it wanted.
  public void dropChild(Child child) {
    child.interest().forEach(tag -> removed(tag, child.slot()));
    if (child.interest().all()) {
      countAll();
    }
  }

  private void askAgain(Link link, long heldVersion) {
    if (!link.mayAskAgain(turn.nowNanos(), config.timing().heartbeatNanos() / 4)) {
      return;
    }
    tally.count(Tally.Count.RESENDS_ASKED);
    turn.report(Effect.Report.Kind.RESEND_ASKED, link.peer(), "", heldVersion);
    turn.send(link.id(), new Message.Resend(heldVersion));
  }

  /// A heartbeat of a child says what it advertised last: on an ordered link that is what we hold, or we ask.
  public void checkAdvertised(Link from, long version, long hash) {
    Advertised said = from.child().interest();
    if (version != said.version() || hash != said.hash()) {
      askAgain(from, said.version());
    }
  }

  /// A child lost track of what we answered.
  public void answerAnew(Link link) {
    answering.answerAnew(link);
  }

  // From the parent.

  public void onWanted(Link from, Message.Wanted message) {
    tally.count(Tally.Count.WANTED_IN);
    Uplink up = from.uplink();
    if (!up.follows(message)) {
      askAgain(from, up.wantedVersion());
      return;
    }
    up.heard(message);
    if (from != links.parent()) {
      return;
    }
    if (up.heardAll(message.all())) {
      answering.allMayHaveChanged();
    }
    boolean revoked = up.answeredTo(message.answers());
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
    answering.parentAnswered();
  }

  private void setWanted(long tag, boolean wanted, long answers) {
    if (!table.setWanted(tag, wanted, answers)) {
      return;
    }
    if (Tags.isInbox(tag)) {
      answering.touchAsking(tag);
    } else {
      answering.touch(table.soleHolder(tag), tag);
    }
  }

  /// A heartbeat of the parent says what it answered last.
  public void checkAnswered(Link from, long version, long hash) {
    Uplink up = from.uplink();
    if (!up.isInStep(version, hash)) {
      askAgain(from, up.wantedVersion());
    }
  }

  /// Everything from the beginning, to a parent that lost track of what we want, or of whose answers we lost track: all
  /// that it has answered so far is void, and it will answer for the snapshot.
  public void advertiseAnew(Link link) {
    advertising.sendSnapshotSoon(link);
    if (link == links.parent()) {
      link.uplink().voidAnswers();
      table.forgetWanted(link.uplink().sentVersion() + 1);
      answering.revokeAll();
    }
  }

  // The parent comes and goes.

  /// Whether the limits are kept as things are.
  public boolean fits(Message.InterestLimits limits) {
    return limits.tags() == 0 || table.size() <= limits.tags();
  }

  /// The link to a new parent begins with all we want.
  public void advertiseAll(Link link, Message.InterestLimits limits) {
    allow(link, limits);
    reconsider();
    links.carryUp(link, turn);
    if (fits(limits)) {
      advertising.sendSnapshot(link);
    } else {
      advertising.sendSnapshotSoon(link);
    }
  }

  /// Another link is the parent's now, or none: all that a parent has said so far is void.
  public void parentChanged() {
    Link parent = links.parent();
    if (parent == null) {
      allowance.end();
      table.forgetWanted(Integer.MAX_VALUE);
    } else {
      Uplink up = parent.uplink();
      up.voidAnswers();
      table.forgetWanted(up.snapshotDue() ? up.sentVersion() + 1 : up.sentVersion());
      for (long tag : up.touched()) {
        if (table.contains(tag)) {
          table.setVersion(tag, up.sentVersion() + 1);
        }
      }
    }
    answering.revokeAll();
  }

  // Changes of the union.

  /// @param tag whole, or cut to more bits than are told apart here
  private void added(long tag, int slot) {
    long cut = resolution.cut(tag);
    TagTable.Change change = table.add(cut, slot, advertising.nextVersion());
    if (change == TagTable.Change.FIRST) {
      advertising.touch(cut, true);
    }
    answersChange(cut, change, change == TagTable.Change.SHARED ? table.otherHolder(cut, slot) : 0);
  }

  private void removed(long tag, int slot) {
    long cut = resolution.cut(tag);
    TagTable.Change change = table.remove(cut, slot);
    if (change == TagTable.Change.LAST) {
      advertising.touch(cut, false);
    }
    answersChange(cut, change, change == TagTable.Change.SOLE ? table.soleHolder(cut) : 0);
  }

  /// Who wants a tag has changed, and with it what those are told who want it or ask about it.
  ///
  /// @param alone the slot that was, or is, the only one that wants it, if there is another before or after
  private void answersChange(long tag, TagTable.Change change, int alone) {
    if (Tags.isInbox(tag)) {
      return; // that somebody asks is no news to others who do
    }
    switch (change) {
      case FIRST, LAST -> answering.touchAsking(Tags.asking(tag));
      case SHARED, SOLE -> {
        answering.touch(alone, tag);
        if (table.contains(Tags.asking(tag))) {
          answering.touch(alone, Tags.asking(tag));
        }
      }
      case NOTHING -> {}
    }
  }

  // Sending.

  public void onFlushTimer() {
    for (Link link : links.uplinks()) {
      if (!link.congested()) {
        advertising.flush(link);
      }
    }
    answering.flushAll();
  }

  /// What [#flush] would send, more or less.
  public long gatheredBytes(Link link) {
    if (link.isChild()) {
      return 8L * link.child().answered().touchedCount();
    }
    return link.hasUplink() ? advertising.gatheredBytes(link.uplink()) : 0;
  }

  /// What was gathered for a link while it was congested goes out with what is gathered for others.
  public void onDrained() {
    answering.armFlush();
  }

  /// Sends what is gathered for this link, whichever way it goes.
  public void flush(Link link) {
    if (link.isChild()) {
      answering.flush(link);
    } else if (link.hasUplink()) {
      advertising.flush(link);
    }
  }
}
