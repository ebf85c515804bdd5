package dev.banyan.lab.reference;

/// A configuration whose cost is measured: a tree, its rules, and the work that is done in it.
///
/// All routers join before all workers. Where the workers find no place any more ([#places]), the root takes them.
///
/// @param shape what is connected with what
/// @param routers besides the root; none is a star
/// @param branching most children of a router
/// @param rootBranching most children of the root, while others have room
public record Setup(
    Shape shape,
    int routers,
    int workers,
    int branching,
    int rootBranching,
    Rules rules,
    Work work,
    int tasks,
    Pace pace) {

  /// What is connected with what.
  public enum Shape {
    /// Each node but the root with its parent; a star if there are no routers.
    TREE,
    /// Each worker with each other, and whoever hands in tasks with all of them: unicast to everybody (§1), or where it
    /// is sharded to everybody who uses the key.
    MESH
  }

  /// More than any run takes, and far from overflow: a mistake otherwise.
  private static final int MOST = 10_000_000;

  public Setup {
    require(workers >= 1 && workers <= MOST, "workers: 1 to " + MOST);
    require(routers >= 0 && routers <= MOST, "routers: 0 to " + MOST);
    require(routers == 0 || shape == Shape.TREE, "routers: a mesh has none");
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
  public static Setup star(int workers, Rules rules, Work work, int tasks, Pace pace) {
    return new Setup(Shape.TREE, 0, workers, 2, 2, rules, work, tasks, pace);
  }

  /// A full mesh.
  public static Setup mesh(int workers, Rules rules, Work work, int tasks, Pace pace) {
    return new Setup(Shape.MESH, 0, workers, 2, 2, rules, work, tasks, pace);
  }

  /// A tree in which all routers, the root too, have the same room.
  public static Setup tree(
      int branching, int routers, int workers, Rules rules, Work work, int tasks, Pace pace) {
    return new Setup(Shape.TREE, routers, workers, branching, branching, rules, work, tasks, pace);
  }

  /// The same with another number of tasks.
  public Setup withTasks(int changed) {
    return new Setup(shape, routers, workers, branching, rootBranching, rules, work, changed, pace);
  }

  /// Whether the published simulator can be put into it: it has no meshes, and its tasks only write.
  public boolean published() {
    return shape == Shape.TREE && work instanceof Workload;
  }

  /// Places for workers before the root is overfull: b + R(b-1) where the root has room for b.
  public long places() {
    return rootBranching + (long) routers * (branching - 1);
  }
}
