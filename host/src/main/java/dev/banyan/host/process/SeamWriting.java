package dev.banyan.host.process;

import dev.banyan.host.seam.SeamOutput;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// The thread that writes what a host says, so that its event loop never waits for the enclave.
final class SeamWriting {

  private final SeamOutput out;
  private final Runnable drained;
  private final Runnable closed;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("banyan-seam-out").unstarted(this::run);
  private volatile boolean wanted;

  /// @param drained called when all was written
  /// @param closed called when the other end is gone
  SeamWriting(SeamOutput out, Runnable drained, Runnable closed) {
    this.out = out;
    this.drained = drained;
    this.closed = closed;
  }

  void start() {
    thread.start();
  }

  /// Something was added.
  void wake() {
    if (!wanted && out.backlogBytes() > 0) {
      wanted = true;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    try {
      while (true) {
        if (!wanted) {
          LockSupport.park(this);
          continue;
        }
        wanted = false;
        boolean much = out.backlogBytes() > HostedNode.FULL_BYTES / 2;
        out.flush();
        if (much) {
          drained.run();
        }
      }
    } catch (IOException e) {
      closed.run();
    }
  }
}
