package dev.banyan.store;

import static dev.banyan.protocol.Checks.require;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;

/// All that can be set about a worker's store, checked once.
///
/// @param prefixLevels how many prefixes of a key that end in `/` get a tag of their own; the same for all workers of a
///     group. 3 is a guess: enough for `tenant/table/row/...`
/// @param historyRevisions revisions remembered per key, the current one included; 4 is a guess
/// @param historyBytes bytes of values remembered per key, the current one not counted; 64 KiB is a guess
/// @param batchNanos how long a write may wait for others to share its multicast. 0 by default: what one event writes
///     travels together anyway, and a lone writer gains nothing from waiting
/// @param tombstoneNanos for how long a deleted key is remembered ([Tombstones]); a worker that was away for longer does
///     not bring back what it holds by itself. A day is a guess: longer than machines are usually away, and short enough for
///     tombstones that are in memory (Cassandra keeps them for ten days, on disk)
/// @param halfLifeNanos after which a use of a key counts half ([Fading]): a key that was read once is kept current for
///     this long, one that was read often for up to five times as long. [#NEVER] keeps all that was ever used. 10
///     minutes is a guess: long against the time a value takes to be fetched again, short against the life of a link
/// @param limitBytes memory that all of it may take ([Room]); [#UNLIMITED] for as much as there is. Whoever runs a worker
///     knows how much that is, and should say so
public record StoreConfig(
    int prefixLevels,
    int historyRevisions,
    int historyBytes,
    long batchNanos,
    long halfLifeNanos,
    long tombstoneNanos,
    Fetching fetching,
    Resyncing resyncing,
    long limitBytes) {

  public static final int MAX_PREFIX_LEVELS = 16;

  /// A half-life: what was used once stays.
  public static final long NEVER = 0;

  /// A limit that is none.
  public static final long UNLIMITED = Long.MAX_VALUE;

  public static final StoreConfig DEFAULT =
      new StoreConfig(
          3,
          4,
          64 << 10,
          0,
          MINUTES.toNanos(10),
          DAYS.toNanos(1),
          Fetching.DEFAULT,
          Resyncing.DEFAULT,
          UNLIMITED);

  /// The least limit there may be.
  public static final long LEAST_LIMIT_BYTES = 4L << 20;

  public StoreConfig {
    require(
        prefixLevels >= 0 && prefixLevels <= MAX_PREFIX_LEVELS,
        "prefix levels: 0 to " + MAX_PREFIX_LEVELS + ", not " + prefixLevels);
    require(
        historyRevisions >= 1 && historyRevisions <= 1024,
        "history revisions: 1 to 1024, not " + historyRevisions);
    require(historyBytes >= 0, "history bytes must not be negative");
    require(batchNanos >= 0, "the batching time must not be negative");
    require(
        halfLifeNanos == NEVER || halfLifeNanos >= MILLISECONDS.toNanos(100),
        "the half-life of interest: 0 for never, or at least 100 ms");
    require(
        tombstoneNanos >= SECONDS.toNanos(1) && tombstoneNanos <= DAYS.toNanos(3_650),
        "deleted keys are remembered for 1 s to 3650 days");
    require(
        limitBytes >= LEAST_LIMIT_BYTES,
        "a store has room for a few values of any size: at least "
            + LEAST_LIMIT_BYTES
            + " bytes, not "
            + limitBytes);
  }

  public StoreConfig withPrefixLevels(int changed) {
    return new StoreConfig(
        changed,
        historyRevisions,
        historyBytes,
        batchNanos,
        halfLifeNanos,
        tombstoneNanos,
        fetching,
        resyncing,
        limitBytes);
  }

  public StoreConfig withBatchNanos(long changed) {
    return new StoreConfig(
        prefixLevels,
        historyRevisions,
        historyBytes,
        changed,
        halfLifeNanos,
        tombstoneNanos,
        fetching,
        resyncing,
        limitBytes);
  }

  public StoreConfig withHalfLifeNanos(long changed) {
    return new StoreConfig(
        prefixLevels,
        historyRevisions,
        historyBytes,
        batchNanos,
        changed,
        tombstoneNanos,
        fetching,
        resyncing,
        limitBytes);
  }

  public StoreConfig withTombstoneNanos(long changed) {
    return new StoreConfig(
        prefixLevels,
        historyRevisions,
        historyBytes,
        batchNanos,
        halfLifeNanos,
        changed,
        fetching,
        resyncing,
        limitBytes);
  }

  public StoreConfig withFetching(Fetching changed) {
    return new StoreConfig(
        prefixLevels,
        historyRevisions,
        historyBytes,
        batchNanos,
        halfLifeNanos,
        tombstoneNanos,
        changed,
        resyncing,
        limitBytes);
  }

  public StoreConfig withResyncing(Resyncing changed) {
    return new StoreConfig(
        prefixLevels,
        historyRevisions,
        historyBytes,
        batchNanos,
        halfLifeNanos,
        tombstoneNanos,
        fetching,
        changed,
        limitBytes);
  }

  public StoreConfig withLimitBytes(long changed) {
    return new StoreConfig(
        prefixLevels,
        historyRevisions,
        historyBytes,
        batchNanos,
        halfLifeNanos,
        tombstoneNanos,
        fetching,
        resyncing,
        changed);
  }

  /// How the holders of a key are asked.
  ///
  /// @param timeoutNanos after which an unanswered question is repeated, doubled from the third time on; 1 s is a guess
  /// @param tries how often before a reader is told that nobody answers; 4 is a guess
  /// @param patienceNanos how long a read waits at most before the reader is told that it cannot be answered; 5 s is a
  ///     guess: a question that is lost twice, and what a person waits
  /// @param inFlight interests with an open question at one time; 1024 is a guess
  /// @param perSecond questions a second that make tags settled again after a resync; 200 is a guess
  public record Fetching(
      long timeoutNanos, int tries, int inFlight, int perSecond, long patienceNanos) {
    public static final Fetching DEFAULT =
        new Fetching(MILLISECONDS.toNanos(1_000), 4, 1_024, 200, MILLISECONDS.toNanos(5_000));

    public Fetching {
      require(
          timeoutNanos > 0 && timeoutNanos <= Duration.ofDays(30).toNanos(),
          "the fetch timeout must be positive, and at most 30 days");
      require(tries >= 1 && tries <= 30, "fetch tries: 1 to 30, not " + tries);
      require(inFlight >= 1, "questions in flight must be positive");
      require(perSecond >= 1, "questions per second must be positive");
      require(patienceNanos > 0, "the patience of reads must be positive");
    }
  }

  /// How replicas repair each other.
  ///
  /// @param spreadNanos digests wait a random time below this; 500 ms is a guess, many round trips
  /// @param replySpreadNanos replies to digests wait a random time below this; 50 ms is a guess, several round trips
  /// @param settleSpreadNanos whose digest was spared asks, to be settled again, after a random time below this: when
  ///     all holders of a tag are unsettled at once, the first question visits every one, and the others should find it
  ///     answered. 4 s is a guess, a visit to a thousand holders
  /// @param holeNanos how long a record may precede its predecessor before that counts as lost; 250 ms is a guess,
  ///     longer than the two branches of a healthy move overlap
  public record Resyncing(
      long spreadNanos, long replySpreadNanos, long settleSpreadNanos, long holeNanos) {
    public static final Resyncing DEFAULT =
        new Resyncing(
            MILLISECONDS.toNanos(500),
            MILLISECONDS.toNanos(50),
            MILLISECONDS.toNanos(4_000),
            MILLISECONDS.toNanos(250));

    public Resyncing {
      require(spreadNanos > 0, "the digest spread must be positive");
      require(replySpreadNanos > 0, "the reply spread must be positive");
      require(settleSpreadNanos > 0, "the settle spread must be positive");
      require(holeNanos > 0, "the hole delay must be positive");
    }
  }
}
