package dev.banyan.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which workers should change places so that updates cross fewer links of a tree (§8.3.2): who uses the same tags comes
/// to hang together.
///
/// **What it costs.** An update of a tag crosses the link above a router if somebody below it uses the tag and somebody
/// not below it does too; a plan counts such crossings, each as often as the tag is updated.
///
/// **How.** From the top down: at each router, workers of different children change places in pairs, always the pair that
/// brings most users of the same tags together, until no pair does. Pairs, because then every router keeps as many
/// workers as it has, and starting from things as they are, because then few have to move. (The crossings themselves
/// are a bad guide on the way: nothing is won until the last user of a tag has come over. What is counted instead is how many pairs of
/// users of a tag are below the same child.)
///
/// It is worked out in steps, as a root has other things to do.
final class MovePlan {

  /// Differences below this are rounding.
  private static final double LEAST_GAIN = 1e-9;

  /// A worker and what it uses.
  ///
  /// @param place index of the router it hangs on
  /// @param tags each once
  /// @param rates how often each is updated, in any unit that is the same for all
  /// @param fixed it must stay where it is
  @SuppressWarnings("ArrayRecordComponent")
  record Worker(NodeId node, int place, long[] tags, double[] rates, boolean fixed) {}

  /// A worker that should go from one router to another.
  ///
  /// @param tag the tag for which it does, above all
  /// @param usersThere other workers at the new router that use the tag, once all have moved
  /// @param usersHere other workers at the old router that do, now
  record Move(NodeId worker, int from, int to, long tag, int usersThere, int usersHere) {}

  private final int[] parents;
  private final List<Worker> workers;
  private final int[][] tagsOf;
  private final double[] rates;
  private final int[][] users;
  private final long[] names;
  private final int[] places;
  private final double before;
  private final List<Level> levels = new ArrayList<>();
  private int level;

  /// @param parents of each router the one above it, which has a lower index; the first router, at the top, has none (-1)
  MovePlan(int[] parents, List<Worker> workers) {
    this.parents = parents.clone();
    this.workers = List.copyOf(workers);
    places = workers.stream().mapToInt(Worker::place).toArray();
    Map<Long, Integer> index = new LinkedHashMap<>();
    names = sharedTags(index);
    rates = new double[names.length];
    tagsOf = new int[workers.size()][];
    int[] counts = new int[names.length];
    for (int w = 0; w < tagsOf.length; w++) {
      tagsOf[w] = shared(workers.get(w), index);
      for (int tag : tagsOf[w]) {
        counts[tag]++;
      }
    }
    users = usersOfTags(counts);
    before = crossings();
    for (int router = 0; router < parents.length; router++) {
      levels.add(new Level(router));
    }
  }

  /// The tags that more than one worker uses, with an index for each; updates of others go nowhere.
  private long[] sharedTags(Map<Long, Integer> index) {
    Map<Long, Integer> uses = new LinkedHashMap<>();
    for (Worker worker : workers) {
      for (long tag : worker.tags()) {
        uses.merge(tag, 1, Integer::sum);
      }
    }
    uses.values().removeIf(count -> count < 2);
    uses.keySet().forEach(tag -> index.put(tag, index.size()));
    return uses.keySet().stream().mapToLong(tag -> tag).toArray();
  }

  private int[][] usersOfTags(int[] counts) {
    int[][] found = new int[counts.length][];
    int[] filled = new int[counts.length];
    for (int tag = 0; tag < counts.length; tag++) {
      found[tag] = new int[counts[tag]];
    }
    for (int w = 0; w < tagsOf.length; w++) {
      for (int tag : tagsOf[w]) {
        found[tag][filled[tag]++] = w;
      }
    }
    return found;
  }

  private int[] shared(Worker worker, Map<Long, Integer> index) {
    int[] found = new int[worker.tags().length];
    int n = 0;
    for (int i = 0; i < found.length; i++) {
      Integer tag = index.get(worker.tags()[i]);
      if (tag != null) {
        rates[tag] = Math.max(rates[tag], worker.rates()[i]);
        found[n++] = tag;
      }
    }
    return Arrays.copyOf(found, n);
  }

  /// Works on it for a while.
  ///
  /// @param effort how many sums, about, this may take; the last step may take it over
  /// @return whether it is done
  boolean work(long effort) {
    long left = effort;
    while (left > 0 && level < levels.size()) {
      left -= 1 + levels.get(level).effort();
      if (!levels.get(level).swap()) {
        level++;
      }
    }
    return level == levels.size();
  }

  /// Crossings for each unit of time as things are.
  double before() {
    return before;
  }

  /// Crossings once all moves are made.
  double after() {
    return crossings();
  }

  /// Who should move. Each router gets as many as it gives up.
  List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (int w = 0; w < places.length; w++) {
      if (places[w] != workers.get(w).place()) {
        moves.add(move(w));
      }
    }
    return moves;
  }

  private Move move(int worker) {
    int from = workers.get(worker).place();
    int to = places[worker];
    long tag = 0;
    int usersThere = 0;
    int usersHere = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int each : tagsOf[worker]) {
      int there = 0;
      int here = 0;
      for (int other : users[each]) {
        if (other != worker) {
          there += places[other] == to ? 1 : 0;
          here += workers.get(other).place() == from ? 1 : 0;
        }
      }
      double won = rates[each] * (there - here);
      if (won > most) {
        most = won;
        tag = names[each];
        usersThere = there;
        usersHere = here;
      }
    }
    return new Move(workers.get(worker).node(), from, to, tag, usersThere, usersHere);
  }

  private boolean uses(int worker, int tag) {
    for (int each : tagsOf[worker]) {
      if (each == tag) {
        return true;
      }
    }
    return false;
  }

  private double crossings() {
    double sum = 0;
    int[] below = new int[parents.length];
    for (int tag = 0; tag < users.length; tag++) {
      for (int worker : users[tag]) {
        for (int at = places[worker]; at > 0; at = parents[at]) {
          below[at]++;
        }
      }
      for (int worker : users[tag]) {
        for (int at = places[worker]; at > 0; at = parents[at]) {
          sum += below[at] > 0 && below[at] < users[tag].length ? rates[tag] : 0;
          below[at] = 0; // each link once, and ready for the next tag
        }
      }
    }
    return sum;
  }

  /// The child of a router below which another one is, or which it is; -1 if it is not below.
  private int childTowards(int router, int place) {
    int at = place;
    while (at > router) {
      int above = parents[at];
      if (above == router) {
        return at;
      }
      at = above;
    }
    return -1;
  }

  /// One router, the children of which exchange workers.
  private final class Level {

    private final int router;
    private int[] members = new int[0];
    private int[] children = new int[0];
    private int[] child = new int[0];
    private int[][] below = new int[0][];
    private boolean begun;

    Level(int router) {
      this.router = router;
    }

    long effort() {
      return begun ? 16L * members.length * Math.max(1, children.length - 1) : workers.size();
    }

    private void begin() {
      begun = true;
      Map<Integer, Integer> index = new LinkedHashMap<>();
      members = new int[places.length];
      child = new int[places.length];
      int n = 0;
      for (int w = 0; w < places.length; w++) {
        int towards = childTowards(router, places[w]);
        if (towards >= 0) {
          index.putIfAbsent(towards, index.size());
          child[n] = index.get(towards);
          members[n++] = w;
        }
      }
      members = Arrays.copyOf(members, n);
      children = index.keySet().stream().mapToInt(each -> each).toArray();
      below = new int[children.length][children.length > 1 ? names.length : 0];
      if (children.length > 1) {
        for (int m = 0; m < n; m++) {
          count(m, 1);
        }
      }
    }

    private void count(int member, int times) {
      for (int tag : tagsOf[members[member]]) {
        below[child[member]][tag] += times;
      }
    }

    /// Two change places.
    ///
    /// @return false when none should
    boolean swap() {
      if (!begun) {
        begin();
      }
      if (children.length < 2) {
        end();
        return false;
      }
      int best = -1;
      int to = -1;
      double most = Double.NEGATIVE_INFINITY;
      double[][] gains = new double[children.length][members.length];
      for (int m = 0; m < members.length; m++) {
        for (int c = 0; c < children.length; c++) {
          gains[c][m] = c == child[m] || fixed(m) ? Double.NEGATIVE_INFINITY : gain(m, c);
        }
      }
      // The best exchange with each child of whoever has most to gain there.
      int first = -1;
      int second = -1;
      for (int from = 0; from < children.length; from++) {
        for (int c = 0; c < children.length; c++) {
          best = from == c ? -1 : best(gains[c], from);
          to = best < 0 ? -1 : partner(gains[from], best, c);
          if (to >= 0 && gains[c][best] + gains[from][to] - overlap(best, to) > most) {
            most = gains[c][best] + gains[from][to] - overlap(best, to);
            first = best;
            second = to;
          }
        }
      }
      if (first < 0 || most < LEAST_GAIN) {
        end();
        return false;
      }
      exchange(first, second);
      return true;
    }

    private boolean fixed(int member) {
      return workers.get(members[member]).fixed();
    }

    private double gain(int member, int to) {
      int[] here = below[child[member]];
      int[] there = below[to];
      double sum = 0;
      for (int tag : tagsOf[members[member]]) {
        sum += weight(tag) * (there[tag] - here[tag] + 1);
      }
      return sum;
    }

    private double weight(int tag) {
      return rates[tag] / (users[tag].length - 1);
    }

    private int best(double[] gains, int from) {
      int best = -1;
      for (int m = 0; m < members.length; m++) {
        if (child[m] == from
            && gains[m] > Double.NEGATIVE_INFINITY
            && (best < 0 || gains[m] > gains[best])) {
          best = m;
        }
      }
      return best;
    }

    private int partner(double[] gains, int member, int from) {
      int best = -1;
      double most = Double.NEGATIVE_INFINITY;
      for (int m = 0; m < members.length; m++) {
        if (child[m] == from && gains[m] > most) {
          double won = gains[m] - overlap(member, m);
          if (won > most) {
            most = won;
            best = m;
          }
        }
      }
      return best;
    }

    /// Two that use the same tag gain nothing of it by changing places.
    private double overlap(int a, int b) {
      double sum = 0;
      for (int tag : tagsOf[members[a]]) {
        if (uses(members[b], tag)) {
          sum += 2 * weight(tag);
        }
      }
      return sum;
    }

    private void exchange(int a, int b) {
      count(a, -1);
      count(b, -1);
      int childOfA = child[a];
      child[a] = child[b];
      child[b] = childOfA;
      count(a, 1);
      count(b, 1);
      int placeOfA = places[members[a]];
      places[members[a]] = places[members[b]];
      places[members[b]] = placeOfA;
    }

    /// What it took is not needed any more.
    private void end() {
      begun = false;
      members = new int[0];
      children = new int[0];
      child = new int[0];
      below = new int[0][];
    }
  }
}
