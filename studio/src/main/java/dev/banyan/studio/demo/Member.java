package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.Version;
import java.util.concurrent.CompletableFuture;

/// A node in the demonstration, wherever it runs.
interface Member {

  /// For people: `root`, `r3`, `w17`.
  String name();

  NodeId id();

  NodeKind kind();

  /// What it says of itself. May never complete while it hangs.
  CompletableFuture<Glimpse> look();

  /// Of a worker: everything it holds.
  CompletableFuture<HeldKeys> replica();

  /// Of a worker: writes a value.
  CompletableFuture<Version> put(String key, byte[] value);

  /// Of a worker: reads a key, fetching it if need be.
  ///
  /// @return whether the answer is up to date as far as the worker knows
  CompletableFuture<Boolean> get(String key);

  /// Dies at once, without a word.
  void kill();

  /// Stops doing anything, sockets open.
  void hang();

  /// Goes on after a hang.
  void resume();
}
