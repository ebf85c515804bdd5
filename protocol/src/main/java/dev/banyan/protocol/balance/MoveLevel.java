package dev.banyan.protocol.balance;

import dev.banyan.protocol.turn.Position;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// One router of a [MovePlan], the children of which exchange workers. It goes on in steps, each of which says how many
/// sums it took: the gains of each worker are computed, then the best exchange of each two children is sought; the best of
/// these is made, and all begins anew, until none wins anything.
final class MoveLevel {

  /// Differences below this are rounding.
  private static final double LEAST_GAIN = 1e-9;

  /// Children that take part; of more, those with most workers. A guess: far more than routers have.
  private static final int MAX_CHILDREN = 64;

  /// Counts kept, of each tag below each child: 4 MB.
  private static final int MAX_COUNTS = 1 << 20;

  private final MovePlan plan;
  private final int router;
  private final int[] workers;

  /// Those that may change places, and below which child each of them is.
  private int[] members = {};

  private int[] child = {};

  /// By child: its members, ascending.
  private int[][] groups = {};

  /// By child: how many below it use each tag.
  private int[][] users = {};

  /// By child and member: what the member would win there.
  private double[][] gains = {};

  private boolean begun;
  private boolean over;

  // Where the search for the next exchange is.
  private int row;
  private int pair;
  private int first = -1;
  private int second = -1;
  private double most;

  /// @param workers below the router, ascending
  MoveLevel(MovePlan plan, int router, int[] workers) {
    this.plan = plan;
    this.router = router;
    this.workers = workers;
  }

  /// Whether no exchange is left that wins anything.
  boolean isOver() {
    return over;
  }

  /// @return how many sums it took
  long step() {
    if (!begun) {
      return begin();
    }
    if (row < members.length) {
      return gains(row++);
    }
    if (pair < groups.length * groups.length) {
      int from = pair / groups.length;
      int to = pair % groups.length;
      pair++;
      return from == to ? 1 : best(from, to);
    }
    return decide();
  }

  private long begin() {
    begun = true;
    int[] towards =
        Arrays.stream(workers).map(w -> plan.childTowards(router, plan.place(w))).toArray();
    Map<Integer, Integer> sizes = new LinkedHashMap<>();
    for (int each : towards) {
      if (each >= 0) {
        sizes.merge(each, 1, Integer::sum);
      }
    }
    int most = Math.min(MAX_CHILDREN, MAX_COUNTS / Math.max(1, plan.tags()));
    Map<Integer, Integer> index = new LinkedHashMap<>();
    sizes.entrySet().stream()
        .sorted(Comparator.comparingInt((Map.Entry<Integer, Integer> size) -> -size.getValue()))
        .limit(most)
        .map(Map.Entry::getKey)
        .forEach(kept -> index.put(kept, 0));
    int children = 0;
    for (Integer each : sizes.keySet()) { // in the order in which they came
      if (index.containsKey(each)) {
        index.put(each, children++);
      }
    }
    over = children < 2;
    if (over) {
      return (long) Position.MAX_DEPTH * workers.length;
    }
    int[] taking =
        IntStream.range(0, workers.length).filter(i -> index.containsKey(towards[i])).toArray();
    members = Arrays.stream(taking).map(i -> workers[i]).toArray();
    child = Arrays.stream(taking).map(i -> index.getOrDefault(towards[i], 0)).toArray();
    groups = new int[children][];
    for (int c = 0; c < children; c++) {
      group(c);
    }
    users = new int[children][plan.tags()];
    gains = new double[children][members.length];
    for (int m = 0; m < members.length; m++) {
      count(m, 1);
    }
    return (long) Position.MAX_DEPTH * workers.length
        + (long) children * (plan.tags() + 2L * members.length);
  }

  private void group(int of) {
    groups[of] = IntStream.range(0, members.length).filter(m -> child[m] == of).toArray();
  }

  private void count(int member, int times) {
    for (int tag : plan.tagsOf(members[member])) {
      users[child[member]][tag] += times;
    }
  }

  private long gains(int member) {
    int[] tags = plan.tagsOf(members[member]);
    int[] here = users[child[member]];
    boolean fixed = plan.isFixed(members[member]);
    for (int c = 0; c < groups.length; c++) {
      double sum = 0;
      for (int tag : tags) {
        sum += plan.weight(tag) * (users[c][tag] - here[tag] + 1);
      }
      gains[c][member] = fixed || c == child[member] ? Double.NEGATIVE_INFINITY : sum;
    }
    return 1 + (long) groups.length * (1 + tags.length);
  }

  /// The best exchange between two children, of whoever has most to gain at the other.
  private long best(int from, int to) {
    int best = -1;
    for (int m : groups[from]) {
      boolean may = gains[to][m] > Double.NEGATIVE_INFINITY;
      if (may && (best < 0 || gains[to][m] > gains[to][best])) {
        best = m;
      }
    }
    long sums = groups[from].length + 1L;
    if (best < 0) {
      return sums;
    }
    int partner = -1;
    double won = Double.NEGATIVE_INFINITY;
    for (int m : groups[to]) {
      sums++;
      if (gains[from][m] > won) {
        double net = gains[from][m] - overlap(best, m);
        sums += (long) plan.tagsOf(members[best]).length * plan.tagsOf(members[m]).length;
        if (net > won) {
          won = net;
          partner = m;
        }
      }
    }
    if (partner >= 0 && (first < 0 || gains[to][best] + won > most)) {
      most = gains[to][best] + won;
      first = best;
      second = partner;
    }
    return sums;
  }

  /// Two that use the same tag gain nothing of it by changing places.
  private double overlap(int a, int b) {
    double sum = 0;
    for (int tag : plan.tagsOf(members[a])) {
      for (int other : plan.tagsOf(members[b])) {
        sum += tag == other ? 2 * plan.weight(tag) : 0;
      }
    }
    return sum;
  }

  private long decide() {
    over = first < 0 || most < LEAST_GAIN;
    if (over) {
      return 1;
    }
    count(first, -1);
    count(second, -1);
    int childOfFirst = child[first];
    child[first] = child[second];
    child[second] = childOfFirst;
    count(first, 1);
    count(second, 1);
    group(child[first]);
    group(child[second]);
    plan.exchange(members[first], members[second]);
    row = 0;
    pair = 0;
    first = -1;
    second = -1;
    return 2L * members.length;
  }
}
