package dev.banyan.sim;

/// How much may wait on one direction of a link.
///
/// @param lowBytes below it the link has drained
/// @param congestedBytes above it the owner is told that the link is congested
/// @param maxBytes above it the link breaks: even what is never dropped does not get through
public record WaterMarks(long lowBytes, long congestedBytes, long maxBytes) {

  /// As the TCP transport has them. What that does before a link counts as congested, to read less from the others for
  /// a while, is not simulated: nodes here only ever see queues that pushback has not helped.
  public static final WaterMarks DEFAULT = new WaterMarks(256 << 10, 4 << 20, 16 << 20);

  public WaterMarks {
    if (lowBytes < 0 || congestedBytes <= lowBytes || maxBytes <= congestedBytes) {
      throw new IllegalArgumentException("water marks: 0 <= low < congested < maximum");
    }
  }

  /// So many times smaller.
  public WaterMarks dividedBy(int divisor) {
    return new WaterMarks(lowBytes / divisor, congestedBytes / divisor, maxBytes / divisor);
  }
}
