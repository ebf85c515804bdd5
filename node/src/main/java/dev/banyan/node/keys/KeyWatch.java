package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Release;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.Holding;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker's thread that asks the key service for newer secrets: at once, every so often, and when something of an epoch has come in that it does not know.
/// While the service cannot be reached, the worker goes on with what it has, and that is said once.
public final class KeyWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

  /// Half of that and up to half more: so that many workers do not ask in one instant.
  private static final long INTERVAL_MILLIS = 10_000;

  /// Whatever comes in, the service is not asked sooner again.
  private static final long LEAST_MILLIS = 1_000;

  private final SecretsCall secrets;
  private final HoldingFile file;
  private final Consumer<Release> learner;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Thread thread;
  private boolean isWanted;
  private Holding holding;
  private boolean isKept = true;
  private String said = "";

  /// @param crypto for this object alone
  /// @param holding what the worker has been told already
  /// @param learner is given what is new, on this object's thread
  public KeyWatch(
      Address service,
      Crypto crypto,
      NodeIdentity identity,
      HoldingFile file,
      Holding holding,
      Consumer<Release> learner) {
    secrets = new SecretsCall(service, crypto, identity);
    this.file = file;
    this.holding = holding;
    this.learner = learner;
    thread = Thread.ofPlatform().daemon().name("banyan-secrets").unstarted(this::run);
  }

  public KeyWatch start() {
    thread.start();
    return this;
  }

  /// Something has come in that cannot be opened: asks soon. Any thread.
  public void want() {
    lock.lock();
    try {
      isWanted = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        ask();
        TimeUnit.MILLISECONDS.sleep(LEAST_MILLIS);
        await(INTERVAL_MILLIS / 2 + ThreadLocalRandom.current().nextLong(INTERVAL_MILLIS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  private void await(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!isWanted && left > 0) {
        left = wanted.awaitNanos(left);
      }
      isWanted = false;
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    try {
      Holding newer = secrets.newer(holding);
      isKept &= newer.standing().equals(holding.standing());
      int before = holding.epoch();
      holding = newer;
      if (newer.epoch() > before) {
        LOG.info("the secret of epoch {} is here", newer.epoch());
        learner.accept(newer.since(before));
      }
    } catch (IOException | CapsuleException | RuntimeException e) {
      sayOnce("no newer secrets, this worker goes on with what it has: " + Reason.of(e));
      return;
    }
    try {
      if (!isKept) {
        file.write(holding);
        isKept = true;
      }
      said = "";
    } catch (TrustException e) {
      sayOnce("newer secrets are in use, but not kept for the next start: " + Reason.of(e));
    }
  }

  private void sayOnce(String line) {
    if (!line.equals(said)) {
      said = line;
      LOG.warn("{}", line);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
