package dev.banyan.client;

import java.util.concurrent.CompletableFuture;

/// A watch that is open, until it is closed.
public interface Watch extends AutoCloseable {

  /// What it watches.
  Scope scope();

  /// Completes when the watch has ended: normally when it, or its client, was closed; exceptionally with the
  /// [BanyanException] for which it cannot go on, or with what its listener threw.
  ///
  /// ```java
  /// watch.ended().join();  // follow changes for ever
  /// ```
  CompletableFuture<Void> ended();

  /// Ends the watch. No further event is told after this returns, except one that is being told now. May be called from any
  /// thread, from the listener too, and twice.
  @Override
  void close();
}
