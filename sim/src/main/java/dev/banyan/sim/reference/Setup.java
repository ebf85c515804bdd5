package dev.banyan.sim.reference;

/// A configuration whose cost is measured: a tree, its rules, and the work that is done in it.
///
/// All routers join before all workers. Where the workers find no place any more ([#places]), the root takes them.
///
/// @param routers besides the root; none is a star
/// @param branching most children of a router
/// @param rootBranching most children of the root, while others have room
public record Setup(
    int routers,
    int workers,
    int branching,
    int rootBranching,
    Rules rules,
    Workload workload,
    int tasks,
    Pace pace) {

  /// More than any run takes, and far from overflow: a mistake otherwise.
  private static final int MOST = 10_000_000;

  public Setup {
    require(workers >= 1 && workers <= MOST, "workers: 1 to " + MOST);
    require(routers >= 0 && routers <= MOST, "routers: 0 to " + MOST);
    require(branching >= 2 || routers == 0, "branching: 2 or more, else the tree is a chain");
    require(rootBranching >= 1, "branching of the root: 1 or more");
    require(tasks >= 0 && tasks <= MOST, "tasks: 0 to " + MOST);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// A star: every worker hangs on the root.
  public static Setup star(int workers, Rules rules, Workload workload, int tasks, Pace pace) {
    return new Setup(0, workers, 2, 2, rules, workload, tasks, pace);
  }

  /// A tree in which all routers, the root too, have the same room.
  public static Setup tree(
      int branching,
      int routers,
      int workers,
      Rules rules,
      Workload workload,
      int tasks,
      Pace pace) {
    return new Setup(routers, workers, branching, branching, rules, workload, tasks, pace);
  }

  /// The same with another number of tasks.
  public Setup withTasks(int changed) {
    return new Setup(routers, workers, branching, rootBranching, rules, workload, changed, pace);
  }

  /// Places for workers before the root is overfull: b + R(b-1) where the root has room for b.
  public long places() {
    return rootBranching + (long) routers * (branching - 1);
  }
}
