package dev.banyan.sim;

/// When a link's queue counts as congested, and when no longer.
///
/// @param highBytes above it the owner is told that the link is congested
/// @param lowBytes below it, that it has drained
/// @param slackBytes what may be queued above the high mark: control, and what was sent before the owner was told
public record WaterMarks(long highBytes, long lowBytes, long slackBytes) {

  /// As the TCP transport has them.
  public static final WaterMarks DEFAULT = new WaterMarks(1 << 20, 1 << 19, 4 << 20);

  public WaterMarks {
    if (lowBytes < 0 || highBytes <= lowBytes || slackBytes < 0) {
      throw new IllegalArgumentException("water marks: 0 <= low < high, slack >= 0");
    }
  }
}
