package dev.banyan.sim;

import java.time.Duration;

/// How a cluster is simulated.
///
/// @param seed everything random follows from it
/// @param name what is being run, for messages
/// @param repeat the command that repeats it exactly
/// @param encoded messages travel as the bytes of the real codec; else the message itself is handed over
/// @param terrain what links are like, unless a fault says otherwise
/// @param marks of every link's queue
/// @param dialTimeoutNanos after which an unanswered dial fails
/// @param traceLines how many of the last events to keep, to print when a check fails; 0 for none
/// @param provenIdentities whether links prove who is at their ends, as those with certificates do
public record ClusterOptions(
    long seed,
    String name,
    String repeat,
    boolean encoded,
    Terrain terrain,
    WaterMarks marks,
    long dialTimeoutNanos,
    int traceLines,
    boolean provenIdentities) {

  public static ClusterOptions of(long seed, String name) {
    return new ClusterOptions(
        seed,
        name,
        "banyan sim run " + name + " --seed " + seed,
        true,
        Terrain.of(LinkProfile.LOCAL),
        WaterMarks.DEFAULT,
        Duration.ofSeconds(3).toNanos(),
        400,
        false);
  }

  public ClusterOptions withRepeat(String command) {
    return new ClusterOptions(
        seed,
        name,
        command,
        encoded,
        terrain,
        marks,
        dialTimeoutNanos,
        traceLines,
        provenIdentities);
  }

  /// All links alike.
  public ClusterOptions withProfile(LinkProfile changed) {
    return withTerrain(Terrain.of(changed));
  }

  public ClusterOptions withTerrain(Terrain changed) {
    return new ClusterOptions(
        seed,
        name,
        repeat,
        encoded,
        changed,
        marks,
        dialTimeoutNanos,
        traceLines,
        provenIdentities);
  }

  public ClusterOptions withMarks(WaterMarks changed) {
    return new ClusterOptions(
        seed,
        name,
        repeat,
        encoded,
        terrain,
        changed,
        dialTimeoutNanos,
        traceLines,
        provenIdentities);
  }

  /// Without encoding and without a trace.
  public ClusterOptions forScale() {
    return new ClusterOptions(
        seed, name, repeat, false, terrain, marks, dialTimeoutNanos, 0, provenIdentities);
  }

  public ClusterOptions withTraceLines(int lines) {
    return new ClusterOptions(
        seed, name, repeat, encoded, terrain, marks, dialTimeoutNanos, lines, provenIdentities);
  }

  /// Links prove who is at their ends.
  public ClusterOptions withProvenIdentities() {
    return new ClusterOptions(
        seed, name, repeat, encoded, terrain, marks, dialTimeoutNanos, traceLines, true);
  }
}
