package dev.banyan.embedded;

import dev.banyan.node.RunningNode;
import dev.banyan.protocol.Address;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A root, router or worker of a [BanyanCluster], to be killed or stalled as its process could be. Each of these is done when
/// the call returns; when others notice is up to them.
public final class ClusterNode {

  private static final long PATIENCE_SECONDS = 10;

  private final RunningNode node;

  ClusterNode(RunningNode node) {
    this.node = node;
  }

  /// Its id, as [dev.banyan.client.Status#worker] and [dev.banyan.client.Status#parent] have it.
  public String id() {
    return node.id().toString();
  }

  /// Where it takes children, `HOST:PORT`; empty for a worker.
  public String address() {
    return node.address().equals(Address.NONE) ? "" : node.address().toString();
  }

  /// Whether it has not been killed, and has not ended by itself.
  public boolean isAlive() {
    return !node.closed().isDone();
  }

  /// It dies at once: its connections are cut, nothing is said, and what only it held is lost.
  public void kill() {
    node.kill();
    try {
      node.closed().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // It had failed before.
    } catch (TimeoutException e) {
      throw new IllegalStateException("node " + id() + " does not die", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// It stalls, as a process that is stopped: its connections stay open, and nothing is read, written or timed.
  public void hang() {
    node.hang();
    awaitLoop();
  }

  /// It goes on after [#hang].
  public void resume() {
    node.resume();
    awaitLoop();
  }

  /// What was asked of its loop before is done.
  private void awaitLoop() {
    try {
      node.unsentBytes().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("node " + id() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  RunningNode node() {
    return node;
  }
}
