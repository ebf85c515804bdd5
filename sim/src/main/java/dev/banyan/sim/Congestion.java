package dev.banyan.sim;

import dev.banyan.protocol.Event;

/// Watches how much is queued on the ends of links, and does as the TCP transport: tells their owners when it passes the
/// water marks, and breaks a link whose queue passes its maximum.
final class Congestion {

  private final Cluster cluster;
  private final EventQueue queue;
  private final WaterMarks marks;
  private long overflows;

  Congestion(Cluster cluster, EventQueue queue) {
    this.cluster = cluster;
    this.queue = queue;
    this.marks = cluster.options().marks();
  }

  /// More may be queued than before.
  void checkCongested(LinkEnd end) {
    if (end.closed || end.overflown) {
      return;
    }
    long queued = end.queuedBytes();
    if (queued > marks.maxBytes()) {
      overflow(end);
    } else if (!end.congested && queued > marks.congestedBytes()) {
      end.congested = true;
      tell(end, new Event.LinkCongested(end.id));
    }
  }

  /// Nothing more is sent, and what is under way is lost; the owner hears of it next, as with [Network#cut].
  private void overflow(LinkEnd end) {
    end.overflown = true;
    overflows++;
    tell(end, new Event.LinkClosed(end.id, "its queue is over " + marks.maxBytes() + " bytes"));
  }

  /// Links that broke because their queue passed its maximum.
  long overflows() {
    return overflows;
  }

  private void tell(LinkEnd end, Event event) {
    queue.add(cluster.nowNanos(), EventQueue.What.MARK, end, event, 0);
  }

  /// Less may be queued than before.
  void checkDrained(LinkEnd end) {
    if (end.closed || end.overflown || !end.congested) {
      return;
    }
    if (end.queuedBytes() <= marks.lowBytes()) {
      end.congested = false;
      end.sentSome = false;
      tell(end, new Event.LinkDrained(end.id));
    }
  }
}
