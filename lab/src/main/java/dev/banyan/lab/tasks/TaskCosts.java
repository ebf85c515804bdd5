package dev.banyan.lab.tasks;

import java.util.List;

/// What the measured part of a run cost. Packets and their bytes are counted per hop, each for its sender and its receiver.
///
/// @param tasks that were measured
/// @param updates that their part of the run wrote
/// @param reads that it made, each key of a scan one
/// @param localReads those of them that asked nobody
/// @param root what the root sent and received
/// @param routers of each router below the root, in the order in which they started
/// @param workers of each worker, in that order too
/// @param links everything on all links
/// @param waitMillis mean time from handing a task in to the start of its program
/// @param turnaroundMillis mean time from handing a task in to its result
/// @param workersPerSet to how many workers the tasks of a set went, those with few of them counted for less (one over the
///     sum of the squares of their shares), mean over the sets; 0 without sets
public record TaskCosts(
    int tasks,
    long updates,
    long reads,
    long localReads,
    Traffic root,
    List<Traffic> routers,
    List<Traffic> workers,
    Traffic links,
    double waitMillis,
    double turnaroundMillis,
    double workersPerSet) {

  public TaskCosts {
    routers = List.copyOf(routers);
    workers = List.copyOf(workers);
  }

  /// Packets and their bytes. A packet is a frame of the real codec with its header; what TCP and IP add to frames, which
  /// they gather and cut as they like, is not in it.
  public record Traffic(ByKind packets, ByKind bytes) {}

  /// An amount, of packets or of bytes, by what they are for.
  ///
  /// @param own to oneself: a task that is handed in, a result that is handed out; a packet, of no bytes
  public record ByKind(
      long data,
      long tasks,
      long results,
      long joins,
      long own,
      long interest,
      long questions,
      long repair,
      long heartbeats,
      long other) {

    /// What the published simulator counts, too; packets to oneself once.
    public long published() {
      return data + tasks + results + joins + own;
    }

    /// What it does not have, but for heartbeats: interest, questions and their answers, repair, culls.
    public long control() {
      return interest + questions + repair + other;
    }

    /// Everything that was on a link.
    public long onLinks() {
      return published() - own + control() + heartbeats;
    }

    public double heartbeatShare() {
      return (double) heartbeats / onLinks();
    }
  }
}
