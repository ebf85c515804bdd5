package dev.banyan.studio.demo;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the members reported, against what the script did to them: who was orphaned, by whose fault, how long it took.
final class Chronicle implements Troupe.Listener {

  /// What the script did to a member.
  private static final class Fate {
    boolean dead;
    boolean hung;
    long healthySinceNanos = Long.MIN_VALUE;
  }

  private static final class Attachment {
    boolean everAttached;
    long orphanedAtNanos;
    boolean orphaned;
  }

  private final long excuseNanos;
  private final Map<NodeId, Fate> fates = new HashMap<>();
  private final Map<NodeId, Attachment> attachments = new HashMap<>();
  private final List<Long> repairsNanos = new ArrayList<>();
  private final List<String> needless = new ArrayList<>();
  private long orphans;
  private long reattachedWithOne;
  private long reattached;
  private long diedAsOrphans;
  private long selfInflicted;
  private long movesStarted;
  private long movesCompleted;
  private long movesUnfenced;
  private long gaps;

  /// @param excuseNanos for how long after a hang ended its victims may still feel it
  Chronicle(long excuseNanos) {
    this.excuseNanos = excuseNanos;
  }

  synchronized void killed(NodeId node) {
    fate(node).dead = true;
    Attachment attachment = attachment(node);
    if (attachment.orphaned) {
      diedAsOrphans++;
      attachment.orphaned = false;
    }
  }

  synchronized void hung(NodeId node) {
    fate(node).hung = true;
  }

  synchronized void resumed(NodeId node) {
    Fate fate = fate(node);
    fate.hung = false;
    fate.healthySinceNanos = System.nanoTime() + excuseNanos;
  }

  @Override
  public synchronized void onReport(Member member, Effect.Report report) {
    Attachment attachment = attachment(member.id());
    switch (report.kind()) {
      case ATTACHED -> onAttached(attachment, report);
      case ORPHANED -> onOrphaned(member, attachment, report);
      case MOVE_STARTED -> movesStarted++;
      case MOVE_COMPLETED -> movesCompleted++;
      case MOVE_UNFENCED -> movesUnfenced++;
      case GAP_SENT -> gaps++;
      case JOIN_SENT,
          JOIN_REFUSED,
          JOIN_FAILED,
          CHILD_ATTACHED,
          CHILD_LOST,
          CULL_ORDERED,
          LINK_REFUSED,
          SLOW_LINK_CLOSED,
          RESEND_ASKED,
          CYCLE_LEFT,
          UNDIALABLE,
          DIALABLE,
          CHILD_UNDIALABLE,
          NAMESAKE_WAS_FIRST,
          NAMESAKE_REFUSED,
          SESSION_FORKED -> {
        // Part of the others' stories.
      }
    }
  }

  private void onAttached(Attachment attachment, Effect.Report report) {
    attachment.everAttached = true;
    if (attachment.orphaned) {
      attachment.orphaned = false;
      reattached++;
      repairsNanos.add(System.nanoTime() - attachment.orphanedAtNanos);
      if (report.number() == 1) {
        reattachedWithOne++;
      }
    }
  }

  private void onOrphaned(Member member, Attachment attachment, Effect.Report report) {
    if (fate(member.id()).dead || attachment.orphaned) {
      return;
    }
    orphans++;
    attachment.orphaned = true;
    attachment.orphanedAtNanos = System.nanoTime();
    if (isStalled(member.id())) {
      selfInflicted++;
    } else if (!fate(report.other()).dead && !isStalled(report.other())) {
      needless.add(member.name() + " left " + report.other() + ": " + report.detail());
    }
  }

  private boolean isStalled(NodeId node) {
    Fate fate = fate(node);
    return fate.hung
        || System.nanoTime() - fate.healthySinceNanos < 0
            && fate.healthySinceNanos != Long.MIN_VALUE;
  }

  private Fate fate(NodeId node) {
    return fates.computeIfAbsent(node, _ -> new Fate());
  }

  private Attachment attachment(NodeId node) {
    return attachments.computeIfAbsent(node, _ -> new Attachment());
  }

  /// What it comes to.
  ///
  /// Each time that a live member lost its parent has one of four ends: [#reattachedWithOne], [#reattachedWithMore],
  /// [#diedAsOrphans], [#unplaced].
  ///
  /// @param orphans times a live member lost its parent
  /// @param reattachedWithOne of those, how many found another with a single join request (§7)
  /// @param diedAsOrphans were killed before they found another
  /// @param afterOwnHang lost their parent because they had hung themselves
  /// @param needless lost a parent that was alive and well, each with who and why
  /// @param repairNanos from losing the parent to having another, ascending
  record Account(
      long attachedOnce,
      long orphans,
      long reattached,
      long reattachedWithOne,
      long diedAsOrphans,
      long afterOwnHang,
      List<String> needless,
      long movesStarted,
      long movesCompleted,
      long movesUnfenced,
      long gaps,
      List<Long> repairNanos) {

    /// Found another parent, but not with the first join request.
    long reattachedWithMore() {
      return reattached - reattachedWithOne;
    }

    /// Had no other parent yet when this was asked.
    long unplaced() {
      return orphans - reattached - diedAsOrphans;
    }
  }

  synchronized Account account() {
    return new Account(
        attachments.values().stream().filter(attachment -> attachment.everAttached).count(),
        orphans,
        reattached,
        reattachedWithOne,
        diedAsOrphans,
        selfInflicted,
        List.copyOf(needless),
        movesStarted,
        movesCompleted,
        movesUnfenced,
        gaps,
        repairsNanos.stream().sorted().toList());
  }
}
