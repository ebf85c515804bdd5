package dev.banyan.protocol;

import org.jspecify.annotations.Nullable;

/// One link and what this node knows of its peer.
///
/// Roles change only like this: STRANGER to CHILD; CALL to CANDIDATE to PARENT to OLD_PARENT, and OLD_PARENT back to
/// PARENT when a move fails.
final class Link {

  enum Role {
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

  private final LinkId id;
  private Role role;
  private @Nullable NodeId peer;
  private NodeKind peerKind = NodeKind.OBSERVER;
  private long peerIncarnation;
  private final long openedNanos;
  private long lastHeardNanos;
  private long resentNanos;
  private boolean resent;
  private boolean congested;

  /// When it became congested, or (since then) last took anything.
  private long tookNanos;

  private @Nullable GapMark gap;
  private @Nullable Child child;
  private @Nullable Uplink uplink;
  long framesIn;
  long framesOut;

  /// Multicasts that came in and went nowhere from here.
  long unwantedIn;

  Link(LinkId id, Role role, long nowNanos) {
    this.id = id;
    this.role = role;
    this.openedNanos = nowNanos;
    this.lastHeardNanos = nowNanos;
  }

  long openedNanos() {
    return openedNanos;
  }

  /// Whether the peer may have everything sent again: at most once in an interval, as it costs us more than it.
  boolean mayResend(long nowNanos, long intervalNanos) {
    if (resent && nowNanos - resentNanos < intervalNanos) {
      return false;
    }
    resent = true;
    resentNanos = nowNanos;
    return true;
  }

  LinkId id() {
    return id;
  }

  Role role() {
    return role;
  }

  void become(Role next) {
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
  boolean greeted() {
    return peer != null;
  }

  /// @throws IllegalStateException before [#greeted]
  NodeId peer() {
    if (peer == null) {
      throw new IllegalStateException("nobody has said hello on " + id);
    }
    return peer;
  }

  boolean isTo(NodeId node) {
    return node.equals(peer);
  }

  NodeKind peerKind() {
    return peerKind;
  }

  long peerIncarnation() {
    return peerIncarnation;
  }

  void greetedBy(Message.Hello hello) {
    peer = hello.node();
    peerKind = hello.kind();
    peerIncarnation = hello.incarnation();
  }

  long lastHeardNanos() {
    return lastHeardNanos;
  }

  void heardAt(long nowNanos) {
    lastHeardNanos = nowNanos;
  }

  /// Does not hold against the peer what this node slept through itself.
  void forgive(long nanos) {
    lastHeardNanos += nanos;
    tookNanos += nanos;
  }

  boolean congested() {
    return congested;
  }

  /// Whether it is congested, and has taken nothing for longer than this.
  boolean stuckFor(long nanos, long nowNanos) {
    return congested && nowNanos - tookNanos > nanos;
  }

  void congestedAt(long nowNanos) {
    if (!congested) {
      congested = true;
      tookNanos = nowNanos;
    }
  }

  /// Some of what waits on it has left.
  void tookAt(long nowNanos) {
    tookNanos = nowNanos;
  }

  void drained() {
    congested = false;
  }

  /// What was dropped on this link since its last gap mark.
  GapMark gap(Turn turn) {
    if (gap == null) {
      gap = new GapMark(turn);
    }
    return gap;
  }

  boolean hasGap() {
    return gap != null && !gap.isEmpty();
  }

  boolean isChild() {
    return role == Role.CHILD;
  }

  void adopt(Child adopted) {
    become(Role.CHILD);
    child = adopted;
  }

  /// @throws IllegalStateException unless the link is a child's
  Child child() {
    if (child == null) {
      throw new IllegalStateException(id + " is a " + role + ", no child");
    }
    return child;
  }

  boolean hasUplink() {
    return uplink != null;
  }

  void carries(Uplink up) {
    uplink = up;
  }

  /// What was advertised on this link to a parent, present or future.
  ///
  /// @throws IllegalStateException unless something was
  Uplink uplink() {
    if (uplink == null) {
      throw new IllegalStateException("nothing was advertised on " + id);
    }
    return uplink;
  }
}
