package dev.banyan.protocol.link;

import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.turn.Turn;
import org.jspecify.annotations.Nullable;

/// One link and what this node knows of its peer.
///
/// Roles change only like this: STRANGER to CHILD; CALL to CANDIDATE to PARENT to OLD_PARENT, and OLD_PARENT back to
/// PARENT when a move fails.
public final class Link {

  public enum Role {
    /// Accepted, and not (yet) a child.
    STRANGER,
    CHILD,
    /// Dialed to ask a root for a parent.
    CALL,
    /// Dialed to an assigned parent that has not said [Message.Attached] yet.
    CANDIDATE,
    PARENT,
    /// Dialed to a child router, to see that it is where it says it is.
    PROBE,
    /// The parent that a move leaves, until the fence arrives over it.
    OLD_PARENT
  }

  /// Nobody may ask for more patience than goes with this interval; a guess.
  private static final long LONGEST_HEARTBEAT_NANOS = 60_000_000_000L;

  /// What others say may wait so far in the queue of a congested link; more is not sent. A guess: far below what closes it.
  private static final long MAX_CONGESTED_BYTES = 1 << 20;

  private static final long NEVER = Long.MIN_VALUE;

  /// What is known of a link while it is congested.
  private static final class Congestion {
    private long takesBytesPerSecond;

    /// When it became congested, or (since then) last took anything.
    private long tookNanos;

    /// Bytes of what others have said that were sent since.
    private long relayedBytes;

    Congestion(long nowNanos) {
      tookNanos = nowNanos;
    }
  }

  private final LinkId id;
  private final long number;

  /// Where it stands among all links.
  private int place;

  private Role role;
  private @Nullable NodeId peer;
  private PeerIdentity proven = PeerIdentity.UNPROVEN;
  private NodeKind peerKind = NodeKind.OBSERVER;
  private long peerIncarnation;
  private Message.Settings settings = Message.Settings.NONE;
  private final long openedNanos;
  private long lastHeardNanos;

  /// Null while it is not congested.
  private @Nullable Congestion congestion;

  private @Nullable GapMark gap;

  /// Marks that came faster than they are passed on.
  private @Nullable GapMark held;

  private @Nullable Budgets budgets;

  /// When the peer last had everything sent again, and when it was last asked for that; [#NEVER] before.
  private long resentNanos = NEVER;

  private long askedAgainNanos = NEVER;

  private boolean gone;
  private @Nullable Child child;
  private @Nullable Uplink uplink;
  private long framesIn;
  private long framesOut;
  private long unwantedIn;

  Link(LinkId id, Role role, long nowNanos) {
    this.id = id;
    this.number = id.value();
    this.role = role;
    this.openedNanos = nowNanos;
    this.lastHeardNanos = nowNanos;
  }

  public long openedNanos() {
    return openedNanos;
  }

  /// Whether the peer may have everything sent again: at most once in an interval, as it costs us more than it.
  public boolean mayResend(long nowNanos, long intervalNanos) {
    if (resentNanos != NEVER && nowNanos - resentNanos < intervalNanos) {
      return false;
    }
    resentNanos = nowNanos;
    return true;
  }

  /// Whether the peer is asked to send everything again: what it says that does not fit makes us speak only so often.
  public boolean mayAskAgain(long nowNanos, long intervalNanos) {
    if (askedAgainNanos != NEVER && nowNanos - askedAgainNanos < intervalNanos) {
      return false;
    }
    askedAgainNanos = nowNanos;
    return true;
  }

  public LinkId id() {
    return id;
  }

  /// The id's, at hand.
  long number() {
    return number;
  }

  int place() {
    return place;
  }

  void stands(int at) {
    place = at;
  }

  /// A multicast came in.
  public void frameIn() {
    framesIn++;
  }

  /// A multicast went out.
  public void frameOut() {
    framesOut++;
  }

  /// The multicast that came in last went nowhere from here.
  public void wasUnwanted() {
    unwantedIn++;
  }

  public long framesIn() {
    return framesIn;
  }

  public long framesOut() {
    return framesOut;
  }

  /// Multicasts that came in and went nowhere from here.
  public long unwantedIn() {
    return unwantedIn;
  }

  /// Whether it was closed, or left: nothing is sent on it any more.
  public boolean isGone() {
    return gone;
  }

  void end() {
    gone = true;
  }

  public Role role() {
    return role;
  }

  public void become(Role next) {
    boolean legal =
        switch (role) {
          case STRANGER -> next == Role.CHILD;
          case CALL -> next == Role.CANDIDATE;
          case CANDIDATE -> next == Role.PARENT;
          case PARENT -> next == Role.OLD_PARENT;
          case OLD_PARENT -> next == Role.PARENT;
          case CHILD, PROBE -> false;
        };
    if (!legal) {
      throw new IllegalStateException("a " + role + " link cannot become " + next);
    }
    role = next;
  }

  /// Whether the peer has said who it is.
  public boolean greeted() {
    return peer != null;
  }

  /// @throws IllegalStateException before [#greeted]
  public NodeId peer() {
    if (peer == null) {
      throw new IllegalStateException("nobody has said hello on " + id);
    }
    return peer;
  }

  public boolean isTo(NodeId node) {
    return node.equals(peer);
  }

  public NodeKind peerKind() {
    return peerKind;
  }

  public long peerIncarnation() {
    return peerIncarnation;
  }

  /// Where answers for an observer at the other end go. One identity may look on over several links at a time, so its
  /// id would not do.
  public NodeId returnAddress() {
    return new NodeId(peerIncarnation);
  }

  /// The link is up, and its other end has proven so much.
  public void opened(PeerIdentity identity) {
    proven = identity;
  }

  /// Whether the peer may say that it is this node, of this kind.
  public boolean mayBe(NodeId claimed, NodeKind kind) {
    return proven.allows(claimed, kind);
  }

  public void greetedBy(Message.Hello hello) {
    peer = hello.node();
    peerKind = hello.kind();
    peerIncarnation = hello.incarnation();
    settings = hello.settings();
  }

  /// As the peer has told them.
  public Message.Settings settings() {
    return settings;
  }

  /// How often the peer is heard at least: as often as we speak ourselves, or as seldom as it says, up to a limit.
  public long heartbeatNanos(long ownNanos) {
    long longest = Math.max(ownNanos, LONGEST_HEARTBEAT_NANOS);
    return Math.clamp(settings.heartbeatNanos(), ownNanos, longest);
  }

  public long lastHeardNanos() {
    return lastHeardNanos;
  }

  public void heardAt(long nowNanos) {
    lastHeardNanos = nowNanos;
  }

  /// Does not hold against the peer what this node slept through itself.
  public void forgive(long nanos) {
    lastHeardNanos += nanos;
    if (congestion != null) {
      congestion.tookNanos += nanos;
    }
  }

  public boolean congested() {
    return congestion != null;
  }

  /// Whether it is congested, and has taken nothing for longer than this.
  public boolean stuckFor(long nanos, long nowNanos) {
    return congestion != null && nowNanos - congestion.tookNanos > nanos;
  }

  /// For how many the peer speaks: for itself, and the clients that it says are below it.
  public int speaksFor() {
    return child == null ? 1 : 1 + child.clients();
  }

  /// What the peer may make this node do.
  public Budgets budgets(Turn turn) {
    if (budgets == null) {
      budgets = new Budgets(turn.nowNanos());
    }
    return budgets;
  }

  /// Whether something that others have said may be sent here: it waits in a congested link's queue, but not in any amount,
  /// so that nobody can have a link closed that is not its own.
  ///
  /// @param sizeBytes with whatever has to go before it; what is sent is charged
  public boolean takes(long sizeBytes) {
    if (congestion == null) {
      return true;
    }
    if (congestion.relayedBytes + sizeBytes > MAX_CONGESTED_BYTES) {
      return false;
    }
    congestion.relayedBytes += sizeBytes;
    return true;
  }

  /// Marks from the peer that are still to be passed on.
  public GapMark held(Turn turn) {
    if (held == null) {
      held = new GapMark(turn);
    }
    return held;
  }

  public boolean hasHeld() {
    return held != null && !held.isEmpty();
  }

  public void congestedAt(long nowNanos) {
    if (congestion == null) {
      congestion = new Congestion(nowNanos);
    }
  }

  /// Some of what waits on it has left.
  public void tookAt(long nowNanos, long bytesPerSecond) {
    if (congestion != null) {
      congestion.tookNanos = nowNanos;
      congestion.takesBytesPerSecond = bytesPerSecond;
    }
  }

  /// What it takes while it is congested; 0 otherwise, or when that is not measured yet.
  public long takesBytesPerSecond() {
    return congestion != null ? congestion.takesBytesPerSecond : 0;
  }

  public void drained() {
    congestion = null;
  }

  /// What was dropped on this link since its last gap mark.
  public GapMark gap(Turn turn) {
    if (gap == null) {
      gap = new GapMark(turn);
    }
    return gap;
  }

  public boolean hasGap() {
    return gap != null && !gap.isEmpty();
  }

  public boolean isChild() {
    return role == Role.CHILD;
  }

  void adopt(Child adopted) {
    become(Role.CHILD);
    child = adopted;
  }

  /// How many clients this child is, or has below it.
  public int clients() {
    return peerKind == NodeKind.CLIENT ? 1 : child().clients();
  }

  /// @throws IllegalStateException unless the link is a child's
  public Child child() {
    if (child == null) {
      throw new IllegalStateException(id + " is a " + role + ", no child");
    }
    return child;
  }

  public boolean hasUplink() {
    return uplink != null;
  }

  void carries(Uplink up) {
    uplink = up;
  }

  /// What was advertised on this link to a parent, present or future.
  ///
  /// @throws IllegalStateException unless something was
  public Uplink uplink() {
    if (uplink == null) {
      throw new IllegalStateException("nothing was advertised on " + id);
    }
    return uplink;
  }
}
