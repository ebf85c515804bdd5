package dev.banyan.protocol.forwarding;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.balance.UsageReports;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.link.Advertised;
import dev.banyan.protocol.link.GapMark;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Multicasts and gap marks on their way to whoever wants them (§2.3, §2.6): to every neighbour but the one they came
/// from, down by the child's interest, up unless the parent has said that nobody outside wants them.
public final class Forwarding {

  private static final LinkId[] NOWHERE = {};

  /// What a fence takes on the wire, more or less.
  private static final long FENCE_BYTES = 128;

  private final Links links;
  private final Turn turn;
  private final TreeConfig config;
  private final InterestExchange interest;
  private final Tally tally;
  private final UsageReports usage;
  private final boolean root;

  /// Null where each link gets all of a multicast or nothing.
  private final @Nullable Parts parts;

  // The links that multicasts went to lately, by a hash of them: the next one mostly goes where one
  // went before.
  private final LinkId[][] recentTargets = {
    NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE
  };
  private LinkId[] buffer = new LinkId[4];
  private int count;

  /// Whether the last multicast was wanted on any link.
  private boolean useful;

  /// @param pruner cuts multicasts down for links that want some of them; null for nobody
  public Forwarding(
      Links links,
      Turn turn,
      TreeConfig config,
      InterestExchange interest,
      Tally tally,
      UsageReports usage,
      boolean root,
      @Nullable Pruner pruner) {
    this.links = links;
    this.turn = turn;
    this.config = config;
    this.interest = interest;
    this.tally = tally;
    this.usage = usage;
    this.root = root;
    this.parts = pruner == null ? null : new Parts(pruner, turn, tally);
  }

  /// Sends a multicast of this node's own.
  public void publish(Multicast multicast) {
    tally.count(Tally.Count.PUBLISHED);
    usage.passed(multicast);
    forward(null, multicast, false);
  }

  /// Passes a neighbour's multicast on, and delivers it here if it is wanted here.
  public void onMulticast(Link from, Multicast multicast) {
    tally.count(Tally.Count.MULTICASTS_IN);
    from.frameIn();
    boolean here = wantedHere(multicast);
    if (here) {
      tally.count(Tally.Count.DELIVERED);
      usage.passed(multicast);
      turn.effects().add(new Effect.Deliver(multicast));
    }
    if (multicast.hops() >= config.limits().maxHops()) {
      tally.count(Tally.Count.HOP_LIMIT);
      return;
    }
    forward(from, multicast, false);
    if (!here && !useful) {
      from.wasUnwanted();
      tally.count(Tally.Count.UNWANTED_IN);
    }
  }

  /// Passes another node's fence on. It must not overtake gap marks that are held back: rather than that it is dropped, and
  /// whoever sent it takes its move for one with a gap.
  public void onFence(Link from, Multicast fence) {
    tally.count(Tally.Count.MULTICASTS_IN);
    from.frameIn();
    if (fence.hops() >= config.limits().maxHops()) {
      tally.count(Tally.Count.HOP_LIMIT);
    } else if (mayRelease(from)) {
      forward(from, fence, true);
      if (!useful) {
        from.wasUnwanted();
        tally.count(Tally.Count.UNWANTED_IN);
      }
    } else {
      tally.count(Tally.Count.OVER_BUDGET);
    }
  }

  private void forward(@Nullable Link from, Multicast multicast, boolean fence) {
    count = 0;
    useful = false;
    for (Link child : links.children()) {
      if (child != from && wants(child.child().interest(), multicast)) {
        target(child, multicast, fence, child.child().interest());
      }
    }
    if (from == null || from.isChild()) {
      forwardUp(multicast, fence);
    }
    if (count > 0) {
      tally.count(Tally.Count.MULTICASTS_OUT, count);
      turn.effects().add(new Effect.Forward(takeTargets(), multicast));
    }
    if (parts != null) {
      parts.send();
    }
  }

  private void forwardUp(Multicast multicast, boolean fence) {
    Link parent = links.parent();
    if (parent == null) {
      tally.count(Tally.Count.UNSENT_UP, root ? 0 : 1);
      return;
    }
    if (withheld(multicast)) {
      tally.count(Tally.Count.WITHHELD_UP);
      return;
    }
    // A congested link drops it, and what is gathered goes before the mark of that.
    if (!parent.congested() && interest.wouldOvertake(parent, multicast)) {
      interest.flush(parent);
    }
    target(parent, multicast, fence, null);
  }

  private void target(Link link, Multicast multicast, boolean fence, @Nullable Advertised wanted) {
    useful = true;
    if (fence) {
      if (!link.takes(FENCE_BYTES + gatheredBytes(link))) {
        tally.count(Tally.Count.DROPPED_CONGESTED); // Its sender takes the move for one with a gap.
        return;
      }
      inOrder(link);
    } else if (link.congested()) {
      tally.count(Tally.Count.DROPPED_CONGESTED);
      mark(link.gap(turn), multicast, wanted);
      return;
    }
    link.frameOut();
    if (parts != null && !fence && takesPart(parts, link, multicast, wanted)) {
      return;
    }
    if (count == buffer.length) {
      buffer = Arrays.copyOf(buffer, count * 2);
    }
    buffer[count++] = link.id();
  }

  private boolean takesPart(
      Parts taken, Link link, Multicast multicast, @Nullable Advertised wanted) {
    return taken.take(
        link.id(), multicast, wanted == null ? tag -> !interest.withheldUp(tag) : wanted::wants);
  }

  private LinkId[] takeTargets() {
    long hash = 0;
    for (int i = 0; i < count; i++) {
      hash = hash * 31 + buffer[i].value();
    }
    int place = (int) (hash ^ hash >>> 32) & (recentTargets.length - 1);
    LinkId[] targets = recentTargets[place];
    if (count != targets.length || !Arrays.equals(buffer, 0, count, targets, 0, count)) {
      targets = Arrays.copyOf(buffer, count);
      recentTargets[place] = targets;
    }
    return targets;
  }

  /// What [#inOrder] would send.
  long gatheredBytes(Link link) {
    return interest.gatheredBytes(link) + (link.hasGap() ? link.gap(turn).sizeBytes() : 0);
  }

  /// What was gathered for a link must be on it before a fence or a question is: changes of interest, and gap marks.
  void inOrder(Link link) {
    interest.flush(link);
    marksFirst(link);
  }

  private boolean wantedHere(Multicast multicast) {
    for (int r = 0; r < multicast.recordCount(); r++) {
      int tags = multicast.tagCount(r);
      if (tags == 0) {
        return true;
      }
      for (int i = 0; i < tags; i++) {
        if (interest.wantedHere(multicast.tag(r, i))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean wants(Advertised interest, Multicast multicast) {
    for (int r = 0; r < multicast.recordCount(); r++) {
      int tags = multicast.tagCount(r);
      if (tags == 0) {
        return true;
      }
      for (int i = 0; i < tags; i++) {
        if (interest.wants(multicast.tag(r, i))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean withheld(Multicast multicast) {
    for (int r = 0; r < multicast.recordCount(); r++) {
      int tags = multicast.tagCount(r);
      if (tags == 0) {
        return false;
      }
      for (int i = 0; i < tags; i++) {
        if (!interest.withheldUp(multicast.tag(r, i))) {
          return false;
        }
      }
    }
    return true;
  }

  // Gaps.

  private void mark(GapMark gap, Multicast multicast, @Nullable Advertised wanted) {
    gap.dropped();
    for (int r = 0; r < multicast.recordCount(); r++) {
      int tags = multicast.tagCount(r);
      if (tags == 0) {
        gap.addAny();
      }
      for (int i = 0; i < tags; i++) {
        long tag = multicast.tag(r, i);
        if (wanted == null || wanted.wants(tag)) {
          gap.add(tag, config.limits().maxGapTags());
        }
      }
    }
  }

  /// Something about this tag was not sent on the link.
  void missed(Link link, long tag) {
    link.gap(turn).add(tag, config.limits().maxGapTags());
  }

  /// Whoever is told that it has missed nothing must have been told before what it has missed.
  void marksFirst(Link link) {
    if (link.hasGap()) {
      interest.flush(link);
      long dropped = link.gap(turn).droppedCount();
      turn.send(link.id(), link.gap(turn).take());
      turn.report(Effect.Report.Kind.GAP_SENT, link.peer(), "", dropped);
    }
  }

  public void onDrained(Link link) {
    link.drained();
    marksFirst(link);
    interest.onDrained();
  }

  /// Marks that come too fast from below are gathered, and passed on as one: with the next heartbeat, or before what must not
  /// overtake them.
  public void onGap(Link from, Message.Gap gap) {
    tally.count(Tally.Count.GAPS_IN);
    if (gap.hops() >= config.limits().maxHops()) {
      tally.count(Tally.Count.HOP_LIMIT);
    } else if (from.isChild()
        && (from.hasHeld() || !from.budgets(turn).mayMark(gap, turn.nowNanos()))) {
      tally.count(Tally.Count.OVER_BUDGET);
      from.held(turn).merge(gap, config.limits().maxGapTags());
    } else {
      spread(from, gap);
    }
  }

  /// Passes on what was gathered of the peer's marks.
  public void releaseHeld(Link from) {
    if (from.hasHeld()) {
      spread(from, from.held(turn).take());
    }
  }

  /// As [#releaseHeld], within the peer's budget.
  ///
  /// @return whether nothing is held any more
  public boolean mayRelease(Link from) {
    if (from.hasHeld()) {
      Message.Gap merged = from.held(turn).take();
      if (!from.budgets(turn).mayMark(merged, turn.nowNanos())) {
        from.held(turn).merge(merged, config.limits().maxGapTags());
        return false;
      }
      spread(from, merged);
    }
    return true;
  }

  private void spread(Link from, Message.Gap gap) {
    missedHere(gap);
    for (Link child : links.children()) {
      if (child != from) {
        passGap(child, gap, child.child().interest());
      }
    }
    Link parent = links.parent();
    if (parent != null && from.isChild()) {
      // As an update would: its advertisement goes first. To a congested one it goes with the mark.
      if (!parent.congested()) {
        interest.flush(parent);
      }
      passGap(parent, gap, null);
    }
  }

  private void passGap(Link link, Message.Gap gap, @Nullable Advertised wanted) {
    if (gap.all()) {
      sendGap(link, new Message.Gap(gap.hops() + 1, gap.tags()));
      return;
    }
    long[] tags = new long[gap.tags().length];
    int n = 0;
    for (long tag : gap.tags()) {
      if (wanted == null ? !interest.withheldUp(tag) : wanted.wants(tag)) {
        tags[n++] = tag;
      }
    }
    if (n > 0) {
      sendGap(link, new Message.Gap(gap.hops() + 1, Arrays.copyOf(tags, n)));
    }
  }

  /// On a congested link it is as if what it is about had been dropped there.
  private void sendGap(Link link, Message.Gap gap) {
    if (link.congested()) {
      link.gap(turn).merge(gap, config.limits().maxGapTags());
    } else {
      turn.send(link.id(), gap);
    }
  }

  private void missedHere(Message.Gap gap) {
    if (interest.nothingWantedHere()) {
      return;
    }
    if (gap.all()) {
      turn.effects().add(new Effect.Missed(new long[0], Effect.Missed.Cause.GAP));
      return;
    }
    long[] mine = Arrays.stream(gap.tags()).filter(interest::wantedHere).toArray();
    if (mine.length > 0) {
      turn.effects().add(new Effect.Missed(mine, Effect.Missed.Cause.GAP));
    }
  }
}
