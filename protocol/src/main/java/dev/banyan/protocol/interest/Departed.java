package dev.banyan.protocol.interest;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.link.Child;
import java.util.ArrayDeque;
import java.util.Iterator;

/// Children that are gone and may be alive: on their way back, here or to another parent. Until their time is up what
/// they wanted stands, so that questions come by here, and nobody concludes from silence that nobody holds a key.
///
/// A root that has just started knows none of those who were below it in its former life: that is the same with all of
/// them unknown ([#unknownUntil]).
final class Departed {

  /// Children remembered at one time, and tags of all of them. Of what is beyond only the time is remembered; guesses.
  private static final int MOST = 256;

  private static final int MOST_TAGS = 1 << 18;

  private record Gone(NodeId node, Child child, long untilNanos) {}

  // What there is while nobody is gone, as is usual: nobody writes to it.
  private static final ArrayDeque<Gone> NOBODY = new ArrayDeque<>(1);

  private ArrayDeque<Gone> gone = NOBODY;
  private int tags;
  private long unknownUntilNanos = Long.MIN_VALUE;
  private boolean unknown;

  /// Takes children that are not remembered any more: their interest is to be dropped.
  interface Dropping {
    void drop(Child child);
  }

  /// Somebody may be away of whom nothing is known.
  void unknownUntil(long nanos) {
    unknown = true;
    unknownUntilNanos = Math.max(unknownUntilNanos, nanos);
  }

  /// Whether somebody may be away of whom nothing is known.
  boolean unknown() {
    return unknown;
  }

  void add(NodeId node, Child child, long untilNanos, Dropping dropping) {
    if (gone.isEmpty()) {
      gone = new ArrayDeque<>();
    }
    gone.add(new Gone(node, child, untilNanos));
    tags += child.interest().size();
    while (gone.size() > MOST || tags > MOST_TAGS) {
      Gone oldest = gone.remove();
      unknownUntil(oldest.untilNanos());
      let(oldest, dropping);
    }
  }

  /// Drops those whose time is up.
  ///
  /// @return whether somebody unknown was away until now
  boolean expire(long nowNanos, Dropping dropping) {
    while (!gone.isEmpty() && gone.element().untilNanos() <= nowNanos) {
      let(gone.remove(), dropping);
    }
    boolean over = unknown && unknownUntilNanos <= nowNanos;
    unknown &= !over;
    return over;
  }

  /// The node is here again, with all it wants.
  void isBack(NodeId node, Dropping dropping) {
    for (Iterator<Gone> each = gone.iterator(); each.hasNext(); ) {
      Gone former = each.next();
      if (former.node().equals(node)) {
        each.remove();
        let(former, dropping);
      }
    }
  }

  /// Room is needed for those who are here: from now on only the time is remembered.
  ///
  /// @return whether there was anybody
  boolean forgetAll(Dropping dropping) {
    boolean any = !gone.isEmpty();
    while (!gone.isEmpty()) {
      Gone oldest = gone.remove();
      unknownUntil(oldest.untilNanos());
      let(oldest, dropping);
    }
    return any;
  }

  private void let(Gone former, Dropping dropping) {
    tags -= former.child().interest().size();
    dropping.drop(former.child());
  }

  /// How many tags the node wanted that is away, 0 if it is not.
  int tagsOf(NodeId node) {
    int most = 0;
    for (Gone former : gone) {
      most = former.node().equals(node) ? Math.max(most, former.child().interest().size()) : most;
    }
    return most;
  }

  boolean isEmpty() {
    return gone.isEmpty();
  }

  Iterable<Child> children() {
    return () -> {
      Iterator<Gone> each = gone.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return each.hasNext();
        }

        @Override
        public Child next() {
          return each.next().child();
        }
      };
    };
  }

  /// Whether somebody who is away may hold the tag.
  ///
  /// @param asker not away, if it was
  boolean mayHold(long tag, NodeId asker) {
    if (unknown) {
      return true;
    }
    for (Gone former : gone) {
      if (!former.node().equals(asker) && former.child().interest().wants(tag)) {
        return true;
      }
    }
    return false;
  }
}
