package dev.banyan.lab.reference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A root, router or worker of the published simulator: what it knows of its children, and how often it was counted.
final class Host {

  private static final Comparator<Host> LEAST_BUSY_FIRST =
      Comparator.comparingInt((Host host) -> host.outstanding).thenComparingInt(host -> host.index);

  final int index;
  final boolean router;

  /// Children it takes while others have room, routers and workers counted together.
  final int maxChildren;

  final @Nullable Host parent;
  final List<Host> children = new ArrayList<>();
  private final List<Host> childRouters = new ArrayList<>();

  /// Children a task can be given to: workers, and routers with a worker somewhere below.
  private final TreeSet<Host> takers = new TreeSet<>(LEAST_BUSY_FIRST);

  /// Which children run or queue tasks that use a key, and how many times the key stands in those tasks' programs.
  private final Map<Integer, Map<Host, Integer>> users = new HashMap<>();

  private int descendants;

  /// Routers of this subtree, itself included, that have room for a child.
  private int withRoom;

  private boolean takesTasks;
  private int outstanding;

  long packets;
  long selfSends;

  Host(int index, boolean router, int maxChildren, @Nullable Host parent) {
    this.index = index;
    this.router = router;
    this.maxChildren = maxChildren;
    this.parent = parent;
    this.withRoom = router && maxChildren > 0 ? 1 : 0;
    this.takesTasks = !router;
  }

  boolean hasRoom() {
    return router && children.size() < maxChildren;
  }

  /// The child router below which somebody has room and which has the fewest descendants; of equals the earliest.
  Optional<Host> roomiestChild() {
    @Nullable Host best = null;
    for (Host child : childRouters) {
      if (child.withRoom > 0 && (best == null || child.descendants < best.descendants)) {
        best = child;
      }
    }
    return Optional.ofNullable(best);
  }

  /// Adds a child that has no children yet, and tells everybody above.
  void add(Host child) {
    boolean filled = hasRoom() && children.size() + 1 == maxChildren;
    children.add(child);
    if (child.router) {
      childRouters.add(child);
    }
    int room = child.withRoom - (filled ? 1 : 0);
    for (Host host = this; host != null; host = host.parent) {
      host.descendants++;
      host.withRoom += room;
    }
    Host taker = child;
    for (Host host = this; host != null && taker.takesTasks; host = host.parent) {
      host.takers.add(taker);
      host.takesTasks = true;
      taker = host;
    }
  }

  boolean takesTasks() {
    return takesTasks;
  }

  /// Chooses the child with the fewest outstanding tasks, of equals the one that joined first, and gives it one more.
  Host dispatch(int[] program) {
    Host child = takers.first();
    takers.remove(child);
    child.outstanding++;
    takers.add(child);
    for (int key : program) {
      users.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(child, 1, Integer::sum);
    }
    return child;
  }

  /// A child's task is done.
  void resultFrom(Host child, int[] program) {
    takers.remove(child);
    child.outstanding--;
    takers.add(child);
    for (int key : program) {
      Map<Host, Integer> counts = users.getOrDefault(key, Map.of());
      int left = counts.getOrDefault(child, 0) - 1;
      if (left > 0) {
        counts.put(child, left);
      } else {
        counts.remove(child);
      }
      if (counts.isEmpty()) {
        users.remove(key);
      }
    }
  }

  /// The children below which a task uses the key.
  Collection<Host> usersOf(int key) {
    return users.getOrDefault(key, Map.of()).keySet();
  }
}
