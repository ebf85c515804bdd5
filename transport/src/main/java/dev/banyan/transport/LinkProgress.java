package dev.banyan.transport;

import dev.banyan.protocol.Event;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What moves on a node's links below whole messages: parts of a frame that come in, and what leaves a congested link.
/// The node is told before its timers, as only these ask who is silent or stuck.
final class LinkProgress {

  private static final Logger LOG = LoggerFactory.getLogger(LinkProgress.class);

  /// A rate is measured over no less than this.
  private static final long MEASURED_NANOS = 500_000_000;

  private final NodeDriver node;
  private final ArrayList<Connection> receiving = new ArrayList<>();
  private final ArrayList<Connection> congested = new ArrayList<>();

  LinkProgress(NodeDriver node) {
    this.node = node;
  }

  /// Bytes have come in that complete no frame.
  void receivedPart(Connection link) {
    if (link.isOpen() && !link.receivedPart) {
      link.receivedPart = true;
      if (!receiving.contains(link)) {
        receiving.add(link);
      }
    }
  }

  void congested(Connection link) {
    congested.add(link);
    link.keepKernelQueueShort();
    link.hasMoved();
    link.measuredAtNanos = System.nanoTime();
    link.measuredFrom = link.bytesLeft();
  }

  void drained(Connection link) {
    measure(link, System.nanoTime());
    congested.remove(link);
  }

  void gone(Connection link) {
    receiving.remove(link);
    congested.remove(link);
  }

  /// What has moved since this was last asked.
  List<Event> news() {
    if (receiving.isEmpty() && congested.isEmpty()) {
      return List.of();
    }
    List<Event> news = new ArrayList<>();
    for (Connection link : receiving) {
      if (link.receivedPart) {
        link.receivedPart = false;
        news.add(new Event.BytesReceived(link.id));
      }
    }
    receiving.clear();
    long now = System.nanoTime();
    for (Connection link : congested) {
      measure(link, now);
      if (link.hasMoved()) {
        news.add(new Event.BytesSent(link.id, Math.max(0, link.takesBytesPerSecond)));
      }
    }
    return news;
  }

  private void measure(Connection link, long now) {
    long nanos = now - link.measuredAtNanos;
    if (nanos < MEASURED_NANOS) {
      return;
    }
    boolean first = link.takesBytesPerSecond < 0;
    link.takesBytesPerSecond = (long) ((link.bytesLeft() - link.measuredFrom) * (1e9 / nanos));
    link.measuredAtNanos = now;
    link.measuredFrom = link.bytesLeft();
    if (first) {
      LOG.info(
          "{}: link {} is slow: it takes {} kB/s, and {} kB wait",
          node.name(),
          link.peerText(),
          link.takesBytesPerSecond / 1_000,
          link.queuedBytes() / 1_000);
    }
  }
}
