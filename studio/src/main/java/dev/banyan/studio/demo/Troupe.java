package dev.banyan.studio.demo;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeKind;

/// Makes members: in this process, or each in one of its own.
interface Troupe extends AutoCloseable {

  /// Told what happens to members, from any thread.
  interface Listener {
    void onReport(Member member, Effect.Report report);
  }

  /// Starts a node and returns once it listens. The root comes first.
  Member start(NodeKind kind, String name) throws InterruptedException;

  /// Puts an end to whatever still runs.
  @Override
  void close();
}
