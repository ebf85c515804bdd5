package dev.banyan.embedded;

import dev.banyan.client.CallInterruptedException;
import dev.banyan.client.UnavailableException;
import dev.banyan.node.Credentials;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.StartException;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.keys.MemberLife;
import dev.banyan.node.metrics.MetricsServer;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.SettingsException;
import dev.banyan.node.text.Reason;
import dev.banyan.node.text.Words;
import dev.banyan.protocol.Address;
import dev.banyan.store.StoreOutcome;
import dev.banyan.transport.TcpHost;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// All that runs for one worker of this process: it is there, then it leaves, once.
final class EmbeddedWorker {

  private static final System.Logger LOG = System.getLogger("dev.banyan.embedded");

  /// How long saying goodbye may take, once all is handed over.
  private static final long GOODBYE_SECONDS = 2;

  /// What the handing over may take longer than it was given: the node's own loop keeps the time.
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final RunningNode node;
  private final JoinProgress admission;
  private final long drainNanos;
  private final Runnable last;
  private final List<DoorServer> doors = new ArrayList<>();
  private final List<MetricsServer> metrics = new ArrayList<>();
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private EmbeddedWorker(RunningNode node, JoinProgress admission, long drainNanos, Runnable last) {
    this.node = node;
    this.admission = admission;
    this.drainNanos = drainNanos;
    this.last = last;
  }

  /// Starts a worker on an event loop of its own. It may have no place in the tree yet.
  ///
  /// @throws UnavailableException when something that was asked for cannot be opened
  static EmbeddedWorker start(JoinOptions options) {
    try {
      Optional<MemberLife> membership = MemberLife.of(options.given());
      NodeSettings settings = options.nodeSettings();
      TcpHost host = TcpHosts.open(settings);
      try {
        EmbeddedWorker worker =
            on(
                host,
                settings,
                RandomSource.of(new SecureRandom().nextLong()),
                options.drainNanos(),
                membership.map(MemberLife::credentials),
                () -> {
                  membership.ifPresent(MemberLife::close);
                  host.close();
                });
        membership.ifPresent(each -> each.started(worker.node()));
        if (options.has(Setting.DOOR)) {
          settings.door().ifPresent(at -> worker.openDoor(at, settings.doorHosts()));
        }
        settings.metrics().ifPresent(worker::openMetrics);
        return worker;
      } catch (RuntimeException | Error e) {
        host.close();
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallInterruptedException("interrupted while the worker waited to be admitted");
    } catch (StartException | SettingsException e) {
      throw new UnavailableException(String.valueOf(e.getMessage()), List.of());
    }
  }

  /// Starts a worker on event loops that it may share with others.
  ///
  /// @param credentials none for links and records in clear
  /// @param last what remains to be done when it has left
  static EmbeddedWorker on(
      TcpHost host,
      NodeSettings settings,
      RandomGenerator random,
      long drainNanos,
      Optional<Credentials> credentials,
      Runnable last) {
    JoinProgress admission = new JoinProgress(settings.roots());
    RunningNode node =
        RunningNode.start(host, settings, random, admission, MachineTap.NONE, credentials);
    return new EmbeddedWorker(node, admission, drainNanos, last);
  }

  DoorServer openDoor(Address at, List<String> names) {
    DoorServer door = node.openDoor(at, names);
    doors.add(door);
    return door;
  }

  private void openMetrics(Address at) {
    metrics.add(MetricsServer.open(at, node));
  }

  RunningNode node() {
    return node;
  }

  JoinProgress admission() {
    return admission;
  }

  Optional<String> door() {
    return doors.stream().findFirst().map(door -> door.address().toString());
  }

  /// Hands over what it alone holds, says goodbye, and ends. Whoever comes second waits until that is done.
  void leave() {
    if (!leaving.compareAndSet(false, true)) {
      gone.join();
      return;
    }
    try {
      closeServers();
      if (!node.closed().isDone()) {
        handOver();
        node.stop().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "could not say goodbye to all neighbours: {0}", Reason.of(e));
    } finally {
      end();
    }
  }

  /// Ends at once; nothing is said and nothing handed over.
  void die() {
    if (leaving.compareAndSet(false, true)) {
      try {
        closeServers();
      } finally {
        end();
      }
    }
  }

  private void closeServers() {
    doors.forEach(DoorServer::close);
    metrics.forEach(MetricsServer::close);
  }

  private void end() {
    node.kill();
    last.run();
    gone.complete(null);
  }

  private void handOver() throws InterruptedException {
    if (drainNanos == 0) {
      return;
    }
    try {
      StoreOutcome.Drained drained =
          node.store()
              .orElseThrow()
              .drain(drainNanos, _ -> {})
              .get(drainNanos + SLACK_NANOS, TimeUnit.NANOSECONDS);
      if (drained.left() > 0) {
        LOG.log(
            Level.WARNING,
            "no other worker could be found in time to keep {0}, for example ''{1}'': lost unless somebody else holds them"
                + " (the setting drain-timeout gives more time)",
            Words.counted(drained.left(), "key"),
            drained.example());
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "could not hand over what only this worker holds: {0}", Reason.of(e));
    }
  }
}
