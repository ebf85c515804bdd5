package dev.banyan.node.keys;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Release;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.HeadReport;
import dev.banyan.trust.service.Holding;
import dev.banyan.trust.service.Life;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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

  /// How long a stop may take for that.
  private static final long FAREWELL_MILLIS = 1_000;

  private final SecretsCall secrets;
  private final HoldingFile file;
  private final Member member;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Thread thread;
  private boolean isWanted;
  private Holding holding;
  private boolean isKept = true;
  private String said = "";
  private boolean isClosing;

  /// About whom the key service wants to know, and what it is told the next time.
  private Set<Long> asked = Set.of();

  private HeadReport report = HeadReport.NONE;

  /// The worker.
  public interface Member {

    /// Is given what is new.
    void learn(Release release);

    /// What it holds of these members.
    ///
    /// @throws IOException when it does not say so in time
    HeadReport report(Set<Long> about) throws IOException;

    /// Another process has its identity, and was there first: it is to end.
    ///
    /// @param why one line
    void isSecond(String why);
  }

  /// @param crypto for this object alone
  /// @param holding what the worker has been told already
  /// @param member called on this object's thread
  /// @param life of this process
  /// @param platform vouches for this process, if anything does
  public KeyWatch(
      Address service,
      Crypto crypto,
      NodeIdentity identity,
      HoldingFile file,
      Holding holding,
      Member member,
      Life life,
      Optional<Platform> platform) {
    secrets = new SecretsCall(service, crypto, identity, life, platform);
    this.file = file;
    this.holding = holding;
    this.member = member;
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
      while (ask() && pause() && awaitWanted()) {
        continue;
      }
      if (hasClosed()) {
        secrets.end(holding);
      }
    } catch (IOException e) {
      return; // It is found out when nothing more comes.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It must not go on.
    }
  }

  /// @return false once this is closed
  private boolean pause() throws InterruptedException {
    return await(LEAST_MILLIS, () -> isClosing);
  }

  /// @return false once this is closed
  private boolean awaitWanted() throws InterruptedException {
    long millis = INTERVAL_MILLIS / 2 + ThreadLocalRandom.current().nextLong(INTERVAL_MILLIS);
    boolean open = await(millis, () -> isWanted || isClosing);
    lock.lock();
    try {
      isWanted = false;
    } finally {
      lock.unlock();
    }
    return open;
  }

  private boolean await(long millis, BooleanSupplier isSo) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!isSo.getAsBoolean() && left > 0) {
        left = wanted.awaitNanos(left);
      }
      return !isClosing;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasClosed() {
    lock.lock();
    try {
      return isClosing;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether to ask again
  private boolean ask() {
    try {
      SecretsCall.Newer answer = secrets.newer(holding, report);
      Holding newer = answer.holding();
      isKept &= newer.standing().equals(holding.standing());
      int before = holding.epoch();
      holding = newer;
      if (newer.epoch() > before) {
        LOG.info("the secret of epoch {} is here", newer.epoch());
        member.learn(newer.since(before));
      }
      report(answer.asked());
      if (answer.second()) {
        sayOnce(
            "another process shows the identity of this one, and was refused: never copy an identity; if that was not you, revoke it");
      } else if (isKept) {
        said = "";
      }
    } catch (SecretsCall.SecondException e) {
      member.isSecond(String.valueOf(e.getMessage()));
      return false;
    } catch (IOException | CapsuleException | RuntimeException e) {
      sayOnce("no newer secrets, this worker goes on with what it has: " + Reason.of(e));
      return true;
    }
    try {
      if (!isKept) {
        file.write(holding);
        isKept = true;
      }
    } catch (TrustException e) {
      sayOnce("newer secrets are in use, but not kept for the next start: " + Reason.of(e));
    }
    return true;
  }

  /// Looks for what the key service wants to know, and says it soon.
  private void report(List<Long> about) {
    Set<Long> now = new LinkedHashSet<>(about);
    try {
      report = now.isEmpty() ? HeadReport.NONE : member.report(now);
    } catch (IOException e) {
      LOG.warn("{}", Reason.of(e));
      return; // It is asked again.
    }
    if (!asked.containsAll(now)) {
      want();
    }
    asked = now;
  }

  private void sayOnce(String line) {
    if (!line.equals(said)) {
      said = line;
      LOG.warn("{}", line);
    }
  }

  /// Tells the key service that this process ends, if it can be told in a moment.
  @Override
  public void close() {
    lock.lock();
    try {
      isClosing = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofMillis(FAREWELL_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
