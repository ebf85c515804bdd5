package dev.banyan.sim;

/// What the way between two nodes is like, the same in both directions.
///
/// @param latencyNanos time a frame is under way at least
/// @param jitterNanos up to this much more, at random per frame; frames of one link never overtake each other
/// @param bytesPerSecond how fast frames leave; 0 for no limit. A frame waits for those before it
public record LinkProfile(long latencyNanos, long jitterNanos, long bytesPerSecond) {

  /// One data centre: 100 to 150 us one way, no limit on bandwidth.
  public static final LinkProfile LOCAL = new LinkProfile(100_000, 50_000, 0);

  /// A country: 10 to 15 ms one way.
  public static final LinkProfile WIDE = new LinkProfile(10_000_000, 5_000_000, 0);

  /// From one continent to another: 100 to 120 ms one way.
  public static final LinkProfile OCEAN = new LinkProfile(100_000_000, 20_000_000, 0);

  public LinkProfile {
    if (latencyNanos < 0 || jitterNanos < 0 || bytesPerSecond < 0) {
      throw new IllegalArgumentException("latency, jitter and bandwidth must not be negative");
    }
  }

  public LinkProfile withBandwidth(long changedBytesPerSecond) {
    return new LinkProfile(latencyNanos, jitterNanos, changedBytesPerSecond);
  }

  /// Whichever is worse in each respect.
  LinkProfile worse(LinkProfile other) {
    return new LinkProfile(
        Math.max(latencyNanos, other.latencyNanos),
        Math.max(jitterNanos, other.jitterNanos),
        bytesPerSecond == 0
            ? other.bytesPerSecond
            : other.bytesPerSecond == 0
                ? bytesPerSecond
                : Math.min(bytesPerSecond, other.bytesPerSecond));
  }
}
