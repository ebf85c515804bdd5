package dev.banyan.cli.demo;

import dev.banyan.protocol.NodeKind;

/// placeholder while writing
final class ProcessTroupe implements Troupe {
  ProcessTroupe(DemoOptions options, Listener listener) {}
  public Member start(NodeKind kind, String name) { throw new UnsupportedOperationException(); }
  public void close() {}
}
