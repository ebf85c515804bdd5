package dev.banyan.protocol;

import static dev.banyan.protocol.Checks.require;

import java.time.Duration;

/// All that can be set about a node's part in the tree, checked once.
public record TreeConfig(
    Capacity capacity, Timing timing, Limits limits, Rules rules, Filtering filtering) {

  /// What `banyan` starts with.
  public static final TreeConfig DEFAULT =
      new TreeConfig(
          Capacity.DEFAULT, Timing.DEFAULT, Limits.DEFAULT, Rules.DEFAULT, Filtering.DEFAULT);

  public TreeConfig withCapacity(Capacity changed) {
    return new TreeConfig(changed, timing, limits, rules, filtering);
  }

  public TreeConfig withTiming(Timing changed) {
    return new TreeConfig(capacity, changed, limits, rules, filtering);
  }

  public TreeConfig withLimits(Limits changed) {
    return new TreeConfig(capacity, timing, changed, rules, filtering);
  }

  public TreeConfig withRules(Rules changed) {
    return new TreeConfig(capacity, timing, limits, changed, filtering);
  }

  public TreeConfig withFiltering(Filtering changed) {
    return new TreeConfig(capacity, timing, limits, rules, changed);
  }

  /// How many children a router takes.
  ///
  /// @param routers child routers; 2, the binary tree of §7
  /// @param clients child clients; 64 is a guess: more than the paper's 35 nodes under one root
  public record Capacity(int routers, int clients) {
    public static final Capacity DEFAULT = new Capacity(2, 64);

    public Capacity {
      require(routers >= 0 && routers <= 4096, "child routers: 0 to 4096, not " + routers);
      require(clients >= 0 && clients <= 65_536, "child clients: 0 to 65536, not " + clients);
      require(routers + clients > 0, "a router must take at least one child");
    }
  }

  /// When things happen, all in nanoseconds.
  ///
  /// @param heartbeatNanos between heartbeats on a link; 1 s as the authors' code
  /// @param heartbeatTimeoutNanos silence after which a neighbour is dead; 3 s as the authors' code
  /// @param rebalanceNanos between two looks at the balance; 5 s as the authors' code
  /// @param joinTimeoutNanos after which the first unanswered attempt is repeated; see [#longestJoinNanos]; a guess,
  ///     several round trips
  /// @param backoffMinNanos first wait after a failed attempt, doubled with each, jittered by half; a guess
  /// @param backoffMaxNanos the longest such wait; a guess
  /// @param joinJitterNanos the first attempt waits a random time below this, so that crowds spread; a guess
  /// @param coalesceNanos how long changes of interest are gathered before they travel; a guess, "some milliseconds"
  /// @param graceNanos how long a node that lost its root, not its parent, waits before it asks for another place (and
  ///     how long a root that has just started makes such nodes wait); a guess, twice the longest wait
  /// @param slowLinkNanos how long a congested link may take nothing at all before it is closed; 10 s as nats-server's
  ///     write deadline
  /// @param youthNanos how long a root that has just started says of no key that nobody holds it, as the subtrees of its
  ///     former life may be on their way back; the grace period by default. 0: there are none, this is a new tree
  public record Timing(
      long heartbeatNanos,
      long heartbeatTimeoutNanos,
      long rebalanceNanos,
      long joinTimeoutNanos,
      long backoffMinNanos,
      long backoffMaxNanos,
      long joinJitterNanos,
      long coalesceNanos,
      long graceNanos,
      long slowLinkNanos,
      long youthNanos) {
    public static final Timing DEFAULT =
        new Timing(
            millis(1_000),
            millis(3_000),
            millis(5_000),
            millis(1_000),
            millis(50),
            millis(5_000),
            millis(10),
            millis(2),
            millis(10_000),
            millis(10_000),
            millis(10_000));

    public Timing {
      require(heartbeatNanos > 0, "the heartbeat interval must be positive");
      require(
          heartbeatTimeoutNanos >= 2 * heartbeatNanos,
          "the heartbeat timeout must be at least two heartbeat intervals");
      require(rebalanceNanos > 0, "the rebalance interval must be positive");
      require(
          joinTimeoutNanos > 0 && joinTimeoutNanos <= Long.MAX_VALUE / 16,
          "the join timeout must be positive, and no longer than some years");
      require(
          backoffMinNanos > 0 && backoffMaxNanos >= backoffMinNanos,
          "the back-off must be positive, its maximum no less than its minimum");
      require(joinJitterNanos >= 0, "the join jitter must not be negative");
      require(coalesceNanos >= 0, "the coalescing time must not be negative");
      require(graceNanos > 0, "the grace period must be positive");
      require(slowLinkNanos > 0, "the slow link limit must be positive");
      require(youthNanos >= 0, "a root's youth must not be negative");
    }

    /// The longest a joiner waits for an answer: on the way down a tree and back up there may be any number of slow
    /// links, so whoever got no answer waits longer the next time but one. Eight times is a guess.
    public long longestJoinNanos() {
      return 8 * joinTimeoutNanos;
    }

    /// Every time divided by the factor, for demos and tests that cannot wait.
    public Timing dividedBy(double factor) {
      return new Timing(
          scaled(heartbeatNanos, factor),
          scaled(heartbeatTimeoutNanos, factor),
          scaled(rebalanceNanos, factor),
          scaled(joinTimeoutNanos, factor),
          scaled(backoffMinNanos, factor),
          scaled(backoffMaxNanos, factor),
          scaled(joinJitterNanos, factor),
          scaled(coalesceNanos, factor),
          scaled(graceNanos, factor),
          scaled(slowLinkNanos, factor),
          scaled(youthNanos, factor));
    }

    /// Of a tree that is certainly new: its root waits for nobody to come back.
    public Timing ofNewTree() {
      return new Timing(
          heartbeatNanos,
          heartbeatTimeoutNanos,
          rebalanceNanos,
          joinTimeoutNanos,
          backoffMinNanos,
          backoffMaxNanos,
          joinJitterNanos,
          coalesceNanos,
          graceNanos,
          slowLinkNanos,
          0);
    }

    /// The defaults with another heartbeat; timeout and rebalancing keep their ratio to it.
    public Timing withHeartbeat(long nanos) {
      return new Timing(
          nanos,
          nanos * 3,
          nanos * 5,
          joinTimeoutNanos,
          backoffMinNanos,
          backoffMaxNanos,
          joinJitterNanos,
          coalesceNanos,
          graceNanos,
          slowLinkNanos,
          youthNanos);
    }

    private static long scaled(long nanos, double factor) {
      return nanos == 0 ? 0 : Math.max(1, Math.round(nanos / factor));
    }

    private static long millis(long millis) {
      return Duration.ofMillis(millis).toNanos();
    }
  }

  /// What a node puts up with.
  ///
  /// @param maxTagsPerLink advertised tags of one child, and of all children together, as they go up as one. Children are
  ///     told how much of it is theirs; whoever wants more loses its link
  /// @param maxHops links a multicast may cross; a last safeguard against cycles
  /// @param maxGapTags tags a gap mark names before it means "any"
  /// @param maxStrangers links that are neither parent nor child at one time
  public record Limits(int maxTagsPerLink, int maxHops, int maxGapTags, int maxStrangers) {
    public static final Limits DEFAULT = new Limits(1 << 21, 128, Message.Gap.MAX_TAGS, 8_192);

    /// Twice the memory that a tag may take at the worst, while children want the same ones, and more than they may.
    private static final int BYTES_PER_TAG = 2_048;

    private static final int LEAST_TAGS = 10_000;

    /// As many tags as the default, or as a router of so much memory can bear, whatever its children do.
    public static int tagsWithin(long memoryBytes) {
      return (int) Math.clamp(memoryBytes / BYTES_PER_TAG, LEAST_TAGS, DEFAULT.maxTagsPerLink());
    }

    public Limits {
      require(maxTagsPerLink > 0, "tags per link must be positive");
      require(maxHops > 0 && maxHops <= 255, "hops: 1 to 255, not " + maxHops);
      require(
          maxGapTags > 0 && maxGapTags <= Message.Gap.MAX_TAGS,
          "gap tags: 1 to " + Message.Gap.MAX_TAGS + ", not " + maxGapTags);
      require(maxStrangers > 0, "stranger links must be positive");
    }
  }

  /// Where the paper's rules can be had instead of ours, and what balance means.
  ///
  /// @param upwardPruning withhold upward what nobody outside wants; off: "multicasts always proceed up" (§2.6)
  /// @param makeBeforeBreak culled clients move without a gap; off: they are disconnected and join again (§2.5)
  /// @param rebalanceThreshold clients by which child routers may differ; 3 is a guess the paper leaves open
  /// @param dispatchByInterest a task goes to where its tags are at home; off: always to whoever has the fewest queued
  ///     (the paper's simulator)
  /// @param spillThreshold queued tasks for each client by which those at home must exceed the least busy, before a task
  ///     goes there instead; 4 is a guess: seldom reached by chance below half of what the workers can do, and a few
  ///     tasks' time otherwise
  /// @param reallocation whether clients that use the same tags come to hang together (§8.3.2); the root's counts
  public record Rules(
      boolean upwardPruning,
      boolean makeBeforeBreak,
      int rebalanceThreshold,
      boolean dispatchByInterest,
      int spillThreshold,
      Reallocation reallocation) {
    public static final Rules DEFAULT = new Rules(true, true, 3, true, 4, Reallocation.AUTOMATIC);

    /// The paper's own rules.
    public static final Rules PAPER = new Rules(false, false, 3, false, 4, Reallocation.OFF);

    public Rules {
      require(rebalanceThreshold >= 1, "the rebalance threshold is at least 1");
      require(spillThreshold >= 0, "the spill threshold must not be negative");
    }

    /// Tasks to whoever has the fewest queued.
    public Rules withLeastQueueDispatch() {
      return new Rules(
          upwardPruning, makeBeforeBreak, rebalanceThreshold, false, spillThreshold, reallocation);
    }

    public Rules withUpwardPruning(boolean changed) {
      return new Rules(
          changed,
          makeBeforeBreak,
          rebalanceThreshold,
          dispatchByInterest,
          spillThreshold,
          reallocation);
    }

    public Rules withReallocation(Reallocation changed) {
      return new Rules(
          upwardPruning,
          makeBeforeBreak,
          rebalanceThreshold,
          dispatchByInterest,
          spillThreshold,
          changed);
    }
  }

  /// Whether clients move to where others use the same tags.
  public enum Reallocation {
    /// They do not, and tell nobody what they use.
    OFF,
    /// When an operator asks the root for it.
    ON_REQUEST,
    /// Whenever it wins enough.
    AUTOMATIC
  }

  /// How interest is told and kept (§2.6: false positives are fine, false negatives are not).
  ///
  /// @param exactBelow a set of at most this many tags is told exactly; a larger one by as many leading bits of its tags
  ///     as the rate asks for. 10,000 is a guess: 80 kB on a link
  /// @param falsePositiveRate how often a multicast that nobody in a subtree wants may pass for wanted, at the most; 0.001
  ///     as in the paper's table 1
  /// @param leastBits tags are never cut to fewer bits than this, and a child that cuts them shorter is refused: nobody
  ///     may make a tree blind. 24 is a guess: strangers to ten thousand tags pass once in a thousand times
  public record Filtering(int exactBelow, double falsePositiveRate, int leastBits) {
    public static final Filtering DEFAULT = new Filtering(10_000, 0.001, 24);

    /// Every tag whole, whatever that costs.
    public static final Filtering EXACT = new Filtering(Integer.MAX_VALUE, 0.001, 24);

    public Filtering {
      require(exactBelow >= 0, "the size below which interest is exact must not be negative");
      require(
          falsePositiveRate > 0 && falsePositiveRate <= 0.5,
          "false positive rate: above 0, at most 0.5, not " + falsePositiveRate);
      require(leastBits >= 2 && leastBits <= 64, "least bits: 2 to 64, not " + leastBits);
    }
  }
}
