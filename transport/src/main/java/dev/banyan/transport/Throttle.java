package dev.banyan.transport;

import dev.banyan.protocol.Event;
import java.time.Duration;
import java.util.ArrayList;

/// Holds up a node's reading while links are full, so that senders slow down before anything is dropped.
///
/// A link is full from its high mark on. Then the node's other links are not read, until the queue has drained, or for
/// as long as [TcpOptions.Pushback] allows; after that the link is given up: reading goes on, its queue grows, and
/// above the congested mark the node is told. It starts anew when the queue has drained below the low mark.
///
/// Links that are full themselves are still read: two nodes that flood each other go on taking what the other has
/// sent. Timers fire and heartbeats go out all the while.
final class Throttle {

  /// How often it looks whether holding up has begun to cost somebody.
  private static final long TICK_NANOS = 1_000_000;

  private final NodeDriver node;
  private final long maxPauseNanos;
  private final long budgetPerSecondNanos;
  private final int congestedBytes;
  private final ArrayList<Connection> full = new ArrayList<>();
  private boolean tickComes;
  private long lastTickNanos;
  private long pauses;

  Throttle(NodeDriver node, TcpOptions.Pushback pushback, int congestedBytes) {
    this.node = node;
    this.congestedBytes = congestedBytes;
    this.maxPauseNanos = pushback.maxPause().toNanos();
    this.budgetPerSecondNanos = pushback.budgetPerSecond().toNanos();
  }

  /// Whether this link may be read now.
  boolean letsRead(Connection link) {
    return full.isEmpty() || full.contains(link);
  }

  long pauses() {
    return pauses;
  }

  void opened(Connection link) {
    link.budgetNanos = budgetPerSecondNanos;
    link.budgetAtNanos = System.nanoTime();
    link.setReading(!node.isHung() && letsRead(link));
  }

  void writabilityChanged(Connection link) {
    if (!link.isFull()) {
      drained(link);
    } else if (!link.givenUp && !full.contains(link)) {
      filled(link);
    }
  }

  /// To be called whenever something was added to a link's queue.
  void queued(Connection link, long queuedBytes) {
    boolean much = queuedBytes > congestedBytes || node.memory().exceedsShare(queuedBytes);
    if (much && !link.congested) {
      link.congested = true;
      node.progress().congested(link);
      node.post(new Event.LinkCongested(link.id));
    }
  }

  void gone(Connection link) {
    if (full.remove(link) && full.isEmpty()) {
      resume();
    }
  }

  private void filled(Connection link) {
    long now = System.nanoTime();
    refill(link, now);
    if (maxPauseNanos == 0 || link.budgetNanos <= 0) {
      link.givenUp = true;
      return;
    }
    link.fullSinceNanos = now;
    full.add(link);
    if (full.size() == 1) {
      pauses++;
      lastTickNanos = now;
    }
    node.updateReading();
    // Whatever it was that stopped may have drained the queue already.
    tickSoon();
  }

  private void drained(Connection link) {
    gone(link);
    link.givenUp = false;
    if (link.congested) {
      link.congested = false;
      node.progress().drained(link);
      node.post(new Event.LinkDrained(link.id));
    }
  }

  private void tick() {
    tickComes = false;
    if (full.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    long elapsed = now - lastTickNanos;
    lastTickNanos = now;
    boolean costs = node.someLinkRunsDry();
    for (Connection link : full.toArray(Connection[]::new)) {
      if (costs) {
        link.budgetNanos -= elapsed;
      }
      if (!link.isFull()) {
        full.remove(link);
      } else if (link.budgetNanos <= 0 || now - link.fullSinceNanos >= maxPauseNanos) {
        full.remove(link);
        link.givenUp = true;
      }
    }
    if (full.isEmpty()) {
      resume();
    } else {
      tickSoon();
    }
  }

  private void resume() {
    node.startFeedingAnew();
    node.updateReading();
  }

  private void refill(Connection link, long now) {
    double seconds = (now - link.budgetAtNanos) / (double) Duration.ofSeconds(1).toNanos();
    link.budgetAtNanos = now;
    link.budgetNanos =
        (long) Math.min(budgetPerSecondNanos, link.budgetNanos + seconds * budgetPerSecondNanos);
  }

  private void tickSoon() {
    if (!tickComes) {
      tickComes = true;
      node.loop().schedule(this::tick, TICK_NANOS);
    }
  }
}
