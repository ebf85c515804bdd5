package dev.banyan.transport;

import dev.banyan.protocol.Bounds;
import dev.banyan.wire.WireLimits;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;

/// All that can be set about sockets and queues, checked once.
///
/// @param engine how loops talk to the kernel
/// @param busyPoll loops poll rather than wait to be woken: each takes a whole core all the time, and answers some
///     tens of microseconds earlier. Only with epoll
/// @param loops event loops, one thread each; nodes are spread over them
/// @param maxFrameBytes the longest frame taken or sent
/// @param queue how much may wait on one link
/// @param pushback for how long a full queue may hold up reading before multicasts are dropped
/// @param connectTimeout for one address of a host
/// @param firstFrameTimeout after which a link that has said nothing is closed; a guess
/// @param drainTimeout how long a link that is being closed may take nothing of what was sent before; a guess
/// @param memoryBytes what all links of a node may hold together, of what came in and of what waits to be sent; half of
///     what the process may have for it
public record TcpOptions(
    IoEngine engine,
    boolean busyPoll,
    int loops,
    int maxFrameBytes,
    Queue queue,
    Pushback pushback,
    Duration connectTimeout,
    Duration firstFrameTimeout,
    Duration drainTimeout,
    long memoryBytes) {

  public static final TcpOptions DEFAULT =
      new TcpOptions(
          IoEngine.AUTO,
          false,
          Runtime.getRuntime().availableProcessors(),
          WireLimits.DEFAULT_MAX_FRAME_BYTES,
          Queue.DEFAULT,
          Pushback.DEFAULT,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Math.max(16L << 20, PlatformDependent.maxDirectMemory() / 2));

  public TcpOptions {
    OptionChecks.require(loops > 0 && loops <= 1_024, "event loops: 1 to 1024, not " + loops);
    OptionChecks.require(
        maxFrameBytes >= Bounds.MAX_FRAME_BYTES,
        "frames: at least " + Bounds.MAX_FRAME_BYTES + " bytes, as others send them");
    OptionChecks.require(
        queue.maxBytes() > maxFrameBytes,
        "a link's queue must take the longest frame: more than " + maxFrameBytes + " bytes");
    OptionChecks.requirePositive(connectTimeout, "the connect timeout");
    OptionChecks.requirePositive(firstFrameTimeout, "the first frame timeout");
    OptionChecks.requirePositive(drainTimeout, "the drain timeout");
    OptionChecks.require(
        memoryBytes > 2L * maxFrameBytes,
        "memory for links: more than two of the longest frames, " + 2L * maxFrameBytes + " bytes");
  }

  public TcpOptions withEngine(IoEngine changed) {
    return new TcpOptions(
        changed,
        busyPoll,
        loops,
        maxFrameBytes,
        queue,
        pushback,
        connectTimeout,
        firstFrameTimeout,
        drainTimeout,
        memoryBytes);
  }

  public TcpOptions withBusyPoll(boolean changed) {
    return new TcpOptions(
        engine,
        changed,
        loops,
        maxFrameBytes,
        queue,
        pushback,
        connectTimeout,
        firstFrameTimeout,
        drainTimeout,
        memoryBytes);
  }

  public TcpOptions withLoops(int changed) {
    return new TcpOptions(
        engine,
        busyPoll,
        changed,
        maxFrameBytes,
        queue,
        pushback,
        connectTimeout,
        firstFrameTimeout,
        drainTimeout,
        memoryBytes);
  }

  public TcpOptions withQueue(Queue changed) {
    return new TcpOptions(
        engine,
        busyPoll,
        loops,
        maxFrameBytes,
        changed,
        pushback,
        connectTimeout,
        firstFrameTimeout,
        drainTimeout,
        memoryBytes);
  }

  public TcpOptions withPushback(Pushback changed) {
    return new TcpOptions(
        engine,
        busyPoll,
        loops,
        maxFrameBytes,
        queue,
        changed,
        connectTimeout,
        firstFrameTimeout,
        drainTimeout,
        memoryBytes);
  }

  public TcpOptions withMemoryBytes(long changed) {
    return new TcpOptions(
        engine,
        busyPoll,
        loops,
        maxFrameBytes,
        queue,
        pushback,
        connectTimeout,
        firstFrameTimeout,
        drainTimeout,
        changed);
  }

  public TcpOptions withFirstFrameTimeout(Duration changed) {
    return new TcpOptions(
        engine,
        busyPoll,
        loops,
        maxFrameBytes,
        queue,
        pushback,
        connectTimeout,
        changed,
        drainTimeout,
        memoryBytes);
  }

  /// A link's outbound queue, beyond what the kernel holds. One read brings up to 256 KiB, all of which may go to one
  /// link before pushback can act: marks closer together than that overshoot.
  ///
  /// @param lowWaterBytes below it the link has drained
  /// @param highWaterBytes above it the link is full, and pushback begins
  /// @param congestedBytes above it pushback has not helped: the node is told, and drops multicasts for this link
  /// @param maxBytes above it the link is closed: even its control messages do not get through
  public record Queue(int lowWaterBytes, int highWaterBytes, int congestedBytes, int maxBytes) {
    public static final Queue DEFAULT = new Queue(256 << 10, 1 << 20, 4 << 20, 16 << 20);

    public Queue {
      OptionChecks.require(
          lowWaterBytes > 0
              && lowWaterBytes < highWaterBytes
              && highWaterBytes <= congestedBytes
              && congestedBytes < maxBytes,
          "a queue's marks must be positive and rise: low, high, congested, maximum");
    }
  }

  /// Before a full link's multicasts are dropped, the node stops reading from its other links for a while, so that
  /// the senders slow down. As long as every link that takes multicasts has something queued this costs nobody
  /// anything; beyond that it is paid from a budget.
  ///
  /// @param maxPause the longest one full queue may hold up reading while it costs nobody anything; keep it well below
  ///     the heartbeat timeout
  /// @param budgetPerSecond how long per second a full link may hold up reading while another link has run dry: what
  ///     a slow link can cost its siblings at most; a guess
  public record Pushback(Duration maxPause, Duration budgetPerSecond) {
    public static final Pushback DEFAULT =
        new Pushback(Duration.ofSeconds(1), Duration.ofMillis(50));
    public static final Pushback NONE = new Pushback(Duration.ZERO, Duration.ZERO);

    public Pushback {
      OptionChecks.require(!maxPause.isNegative(), "the longest pause must not be negative");
      OptionChecks.require(
          !budgetPerSecond.isNegative() && budgetPerSecond.compareTo(Duration.ofSeconds(1)) < 0,
          "the pushback budget per second is less than a second");
    }
  }
}
