package dev.banyan.protocol.balance;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.turn.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
/// It is worked out in small steps, as a root has other things to do. What it takes is bounded, whatever clients claim:
/// memory by their number and that of their tags, and in all by [#MOST_EFFORT], after which the plan is what it is by then.
final class MovePlan {

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

  /// Sums that one plan may take; then it is good as it is. A guess: some seconds of work, over minutes.
  private static final long MOST_EFFORT = 4_000_000_000L;

  private final int[] parents;
  private final List<Worker> workers;
  private final int[][] tagsOf;
  private final double[] rates;
  private final int[][] users;
  private final long[] names;
  private final int[] places;
  private final double before;

  /// Of each router whose turn is still to come the workers below it, ascending; empty until they are known.
  private final int[][] below;

  private int router;
  private MoveLevel level;
  private long spent;

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
    below = new int[parents.length][0];
    below[0] = IntStream.range(0, places.length).toArray();
    level = new MoveLevel(this, 0, below[0]);
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
  /// @param effort how many sums this may take; the last step may take it over by those for two children of a router
  /// @return whether it is done
  boolean work(long effort) {
    long left = Math.min(effort, MOST_EFFORT - spent);
    long given = left;
    while (left > 0 && router < parents.length) {
      left -= level.isOver() ? next() : level.step();
    }
    spent += given - left;
    return router == parents.length || spent >= MOST_EFFORT;
  }

  /// The next router's turn, from the top down: who is below whom is known by then.
  private long next() {
    long steps = 1;
    int[] towards = new int[below[router].length];
    int[] counts = new int[parents.length > router ? parents.length - router : 0];
    for (int i = 0; i < towards.length; i++) {
      towards[i] = childTowards(router, places[below[router][i]]);
      steps += Position.MAX_DEPTH;
      if (towards[i] >= 0) {
        counts[towards[i] - router]++;
      }
    }
    steps += counts.length;
    for (int i = 0; i < towards.length; i++) {
      int child = towards[i];
      if (child >= 0) {
        if (below[child].length == 0) {
          below[child] = new int[counts[child - router]];
          counts[child - router] = 0;
        }
        below[child][counts[child - router]++] = below[router][i];
      }
    }
    below[router] = new int[0];
    router++;
    if (router < parents.length) {
      level = new MoveLevel(this, router, below[router]);
    }
    return steps;
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
    Map<Long, Integer> here = new LinkedHashMap<>();
    Map<Long, Integer> there = new LinkedHashMap<>();
    for (int w = 0; w < places.length; w++) {
      for (int tag : tagsOf[w]) {
        here.merge(at(tag, workers.get(w).place()), 1, Integer::sum);
        there.merge(at(tag, places[w]), 1, Integer::sum);
      }
    }
    List<Move> moves = new ArrayList<>();
    for (int w = 0; w < places.length; w++) {
      if (places[w] != workers.get(w).place()) {
        moves.add(move(w, here, there));
      }
    }
    return moves;
  }

  private static long at(int tag, int place) {
    return (long) tag << Integer.SIZE | place;
  }

  private Move move(int worker, Map<Long, Integer> here, Map<Long, Integer> there) {
    int from = workers.get(worker).place();
    int to = places[worker];
    long tag = 0;
    int usersThere = 0;
    int usersHere = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int each : tagsOf[worker]) {
      int othersThere = there.getOrDefault(at(each, to), 1) - 1;
      int othersHere = here.getOrDefault(at(each, from), 1) - 1;
      double won = rates[each] * (othersThere - othersHere);
      if (won > most) {
        most = won;
        tag = names[each];
        usersThere = othersThere;
        usersHere = othersHere;
      }
    }
    return new Move(workers.get(worker).node(), from, to, tag, usersThere, usersHere);
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
  int childTowards(int router, int place) {
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

  // For its levels.

  int tags() {
    return names.length;
  }

  int[] tagsOf(int worker) {
    return tagsOf[worker];
  }

  boolean isFixed(int worker) {
    return workers.get(worker).fixed();
  }

  int place(int worker) {
    return places[worker];
  }

  /// What one more pair of users of the tag below the same child is worth.
  double weight(int tag) {
    return rates[tag] / (users[tag].length - 1);
  }

  void exchange(int a, int b) {
    int placeOfA = places[a];
    places[a] = places[b];
    places[b] = placeOfA;
  }
}
