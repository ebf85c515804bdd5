package dev.banyan.node.door;

import dev.banyan.node.http.HttpExchange;
import org.jspecify.annotations.Nullable;

/// One watch of the store, and whoever reads it now: it outlives a connection that broke for a while.
final class WatchSubscription {

  /// Why a stream ends.
  enum End {
    /// Too much waited for the reader.
    OVERFLOW,
    /// The worker stops.
    STOPPING,
    /// The reader has come back by another connection, or another reader has taken its place.
    TAKEN_OVER
  }

  final String id;
  final Subject subject;
  final WatchQueue queue;

  /// Of the store's watch.
  private long watch;

  private @Nullable HttpExchange reader;
  private @Nullable End end;
  private long detachedNanos;

  /// What is watched.
  record Subject(String name, boolean prefix) {}

  WatchSubscription(String id, Subject subject, WatchQueue queue) {
    this.id = id;
    this.subject = subject;
    this.queue = queue;
  }

  synchronized void watch(long number) {
    watch = number;
  }

  synchronized long watch() {
    return watch;
  }

  /// A reader begins; one that had begun before is cut off.
  synchronized void attach(HttpExchange exchange) {
    HttpExchange earlier = reader;
    reader = exchange;
    if (earlier != null) {
      earlier.cut();
    }
  }

  /// @return false when another reader has taken over
  synchronized boolean detach(HttpExchange exchange) {
    if (reader != exchange) {
      return false;
    }
    reader = null;
    detachedNanos = System.nanoTime();
    return true;
  }

  synchronized boolean isDetached() {
    return reader == null;
  }

  synchronized long detachedNanos() {
    return detachedNanos;
  }

  /// Ends the stream, for a reason; the first one counts.
  synchronized void end(End why) {
    if (end == null) {
      end = why;
    }
    queue.end();
  }

  /// Why the reader's stream ends, or null while it goes on.
  synchronized @Nullable End endOf(HttpExchange exchange) {
    return reader == exchange ? end : End.TAKEN_OVER;
  }

  synchronized boolean hasEnded() {
    return end != null;
  }

  /// Cuts off the reader, if it has not gone yet.
  synchronized void cut() {
    if (reader != null) {
      reader.cut();
    }
  }
}
