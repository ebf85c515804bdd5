package dev.banyan.cli.nodes;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.NodeLog;
import dev.banyan.node.ServedNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.node.text.Reason;
import dev.banyan.store.StoreOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sun.misc.Signal;

/// How a node's process ends when it is told to: the door closes, a worker hands over what it alone holds, neighbours are
/// told, what is queued is sent. A second signal ends it at once.
final class CleanStop {

  /// How long a stop may take to say goodbye, once all is handed over.
  private static final long GOODBYE_SECONDS = 5;

  /// What the handing over may take longer than it was given: the node's own loop keeps the time.
  private static final long SLACK_NANOS = 1_000_000_000;

  private final ServedNode node;
  private final Optional<DoorServer> door;
  private final long drainNanos;
  private final NodeLog log;
  private final Runnable farewell;
  private volatile boolean left;

  /// @param drainNanos how long handing over may take; 0 for not at all
  /// @param farewell tells others than the neighbours that this node ends; takes a second at the most
  CleanStop(
      ServedNode node, Optional<DoorServer> door, long drainNanos, NodeLog log, Runnable farewell) {
    this.farewell = farewell;
    this.node = node;
    this.door = door;
    this.drainNanos = drainNanos;
    this.log = log;
  }

  /// Says that the node is no member of the tree any more: there is nobody to hand over to, and the process ends with the
  /// result of its command.
  void nodeHasLeft() {
    left = true;
  }

  /// Stops the node; for a shutdown hook. The process ends with its result: 0 also when a signal asked for it.
  void run() {
    if (left || node.closed().isCompletedExceptionally()) {
      door.ifPresent(DoorServer::close);
      return; // Nobody is left to say goodbye to; the command has said why.
    }
    for (String name : List.of("TERM", "INT")) {
      Signal.handle(new Signal(name), _ -> interrupted());
    }
    int code = UserError.FAILED;
    try {
      door.ifPresent(DoorServer::close);
      boolean all = handOver();
      farewell.run();
      node.stop().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
      code = all && isAllSent() ? 0 : UserError.LEFT;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      log.trouble("could not say goodbye to all neighbours within " + GOODBYE_SECONDS + " s");
    }
    Runtime.getRuntime().halt(code);
  }

  private void interrupted() {
    log.trouble("told to stop again: stopped at once, with nothing more handed over or sent");
    Runtime.getRuntime().halt(UserError.LEFT);
  }

  /// @return whether nothing is left that only this node holds
  private boolean handOver() throws InterruptedException {
    Optional<StoreCalls> store = node.store();
    if (store.isEmpty() || drainNanos == 0) {
      return true;
    }
    try {
      StoreOutcome.Drained drained =
          store
              .get()
              .drain(drainNanos, log::handingOver)
              .get(drainNanos + SLACK_NANOS, TimeUnit.NANOSECONDS);
      log.handedOver(drained);
      return drained.left() == 0;
    } catch (ExecutionException | TimeoutException e) {
      log.trouble("could not hand over what only this worker holds: " + Reason.of(e));
      return false;
    }
  }

  private boolean isAllSent() throws InterruptedException, ExecutionException, TimeoutException {
    long unsent = node.unsentBytes().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    if (unsent > 0) {
      log.trouble(
          unsent + " bytes were still queued for neighbours that did not take them in time");
    }
    return unsent == 0;
  }
}
