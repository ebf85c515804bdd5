package dev.banyan.lab.claims;

import static dev.banyan.lab.figures.TreeOverTime.DEPTH_AT_THE_END;
import static dev.banyan.lab.figures.TreeOverTime.DEPTH_AT_THE_START;
import static dev.banyan.lab.figures.TreeOverTime.DEPTH_MOST;
import static dev.banyan.lab.figures.TreeOverTime.IMBALANCE_AT_THE_END;
import static dev.banyan.lab.figures.TreeOverTime.IMBALANCE_AT_THE_START;
import static dev.banyan.lab.figures.TreeOverTime.IMBALANCE_MOST;
import static dev.banyan.lab.figures.TreeOverTime.NEEDLESS_REJOINS;
import static dev.banyan.lab.figures.TreeOverTime.NODES_AT_THE_END;
import static dev.banyan.lab.figures.TreeOverTime.NODES_MOST;
import static dev.banyan.lab.figures.TreeOverTime.ORPHANED;
import static dev.banyan.lab.figures.TreeOverTime.REATTACHED;
import static dev.banyan.lab.figures.TreeOverTime.REATTACHED_AT_ONCE;
import static dev.banyan.lab.figures.TreeOverTime.ROUTERS_JOINED;
import static dev.banyan.lab.figures.TreeOverTime.RUN;

import dev.banyan.lab.claims.Verdict.Outcome;
import dev.banyan.lab.figures.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Criteria for what the tree does. Each looks at both rules on the node that ships: [#PAPER], [#BANYAN].
final class TreeVerdicts {

  private static final String PAPER = "paper-rules";
  private static final String BANYAN = "banyan";
  private static final int PAPERS_NODES = 35;
  private static final List<Integer> LARGER = List.of(1_000, 10_000);
  private static final double FEW_PASSES = 4;
  private static final double THRESHOLD = 3;
  private static final double CLOSE = 0.05;

  private TreeVerdicts() {}

  private static double larger(Measurements measured, int claim, String metric) {
    return Math.max(measured.claim(PAPER, claim, metric), measured.claim(BANYAN, claim, metric));
  }

  static Verdict messages(Measurements measured) {
    double most = worst(measured, TreeClaims.MESSAGES_MOST);
    return Verdict.of(
        most <= 3 && measured.clean(1, PAPER, BANYAN),
        "at most %.0f at any node, %.0f at the root, %.2f in the mean",
        most,
        larger(measured, 1, TreeClaims.MESSAGES_ROOT),
        larger(measured, 1, TreeClaims.MESSAGES_MEAN));
  }

  /// The mean over seeds of a per-run maximum hides an outlier only if there is a spread.
  private static double worst(Measurements measured, String metric) {
    double worst = 0;
    for (String series : List.of(PAPER, BANYAN)) {
      for (Row row : measured.rows(ClaimsFigure.NAME, series, metric)) {
        worst = Math.max(worst, row.mean() + row.stdev());
      }
    }
    return worst;
  }

  static Verdict joins(Measurements measured) {
    double elsewhere = larger(measured, 2, TreeClaims.MISPLACED);
    return Verdict.of(
        elsewhere == 0 && measured.clean(2, PAPER, BANYAN),
        "%.2f of %.0f joins a run ended elsewhere",
        elsewhere,
        measured.claim(BANYAN, 2, TreeClaims.JOINS));
  }

  static Verdict answers(Measurements measured) {
    double twice = measured.claim(BANYAN, 3, TreeClaims.ANSWERED_TWICE);
    double falseParents = measured.claim(BANYAN, 3, TreeClaims.FALSE_PARENTS);
    boolean coherent = measured.clean(3, PAPER, BANYAN);
    if (coherent && (twice == 0 || falseParents == 0)) {
      return Verdict.of(
          Outcome.DIFFERS,
          "the tree stayed coherent, but there were %.1f joiners a run with several answers and %.1f with several"
              + " parents: too few to tell",
          twice,
          falseParents);
    }
    double lost = coherent ? larger(measured, 3, TreeClaims.NOT_IN_TREE) : 0;
    return Verdict.of(
        coherent && lost == 0,
        coherent
            ? "of %.0f joiners a run %.1f got several answers and %.1f were given to several parents; %.1f were not in"
                + " the tree afterwards"
            : "the tree was not coherent in some run",
        TreeVerdicts.joiners(measured),
        twice,
        falseParents,
        lost);
  }

  private static double joiners(Measurements measured) {
    return measured.claim(BANYAN, 3, TreeClaims.JOINERS);
  }

  static Verdict culling(Measurements measured) {
    if (!measured.clean(5, PAPER, BANYAN)) {
      return Verdict.of(false, "the tree was not coherent, or not balanced, in some run");
    }
    double passes = worst(measured, TreeClaims.PASSES);
    return Verdict.of(
        passes <= FEW_PASSES,
        passes < TreeClaims.MOST_PASSES,
        "from %.0f clients apart: within the threshold after %.1f passes by the paper's rules, %.1f by Banyan's",
        measured.claim(BANYAN, 5, TreeClaims.IMBALANCE_BEFORE),
        measured.claim(PAPER, 5, TreeClaims.PASSES),
        measured.claim(BANYAN, 5, TreeClaims.PASSES));
  }

  private static double life(Measurements measured, String series, String metric) {
    return measured.mean("2", series, RUN, metric);
  }

  static Verdict everybodyJoins(Measurements measured) {
    boolean holds = true;
    for (String series : List.of(PAPER, BANYAN)) {
      holds &= life(measured, series, NODES_MOST) == PAPERS_NODES + 1;
      holds &= life(measured, series, NODES_AT_THE_END) == 1;
    }
    return Verdict.of(
        holds,
        "%.1f nodes at the most with the root, of them %.1f routers (%.0f%%); %.1f left at the end",
        life(measured, BANYAN, NODES_MOST),
        life(measured, BANYAN, ROUTERS_JOINED),
        100 * life(measured, BANYAN, ROUTERS_JOINED) / PAPERS_NODES,
        life(measured, BANYAN, NODES_AT_THE_END));
  }

  static Verdict oneJoinRequest(Measurements measured) {
    boolean holds = true;
    List<String> numbers = new ArrayList<>();
    for (String series : List.of(PAPER, BANYAN)) {
      double lost = life(measured, series, ORPHANED);
      double found = life(measured, series, REATTACHED_AT_ONCE);
      holds &= lost > 0 && found == lost;
      numbers.add(
          Measurements.format(
              "%s: %.1f a run lost a parent, %.1f found one at once", series, lost, found));
      for (int size : LARGER) {
        String larger = series + "-" + size;
        measured
            .find("2", larger, RUN, REATTACHED)
            .ifPresent(again ->
                numbers.add(
                    Measurements.format(
                        "with %,d nodes %.3f%% of those that found one",
                        size, 100 * life(measured, larger, REATTACHED_AT_ONCE) / again)));
      }
    }
    return new Verdict(holds ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD, String.join("; ", numbers));
  }

  static Verdict spikes(Measurements measured) {
    boolean ends = true;
    boolean spikes = true;
    for (String series : List.of(PAPER, BANYAN)) {
      ends &= life(measured, series, IMBALANCE_AT_THE_START) == 0;
      ends &= life(measured, series, IMBALANCE_AT_THE_END) == 0;
      spikes &= life(measured, series, IMBALANCE_MOST) > THRESHOLD;
    }
    return Verdict.of(
        ends && spikes,
        ends || spikes,
        "%.1f at the start, %.1f at the end, at the most %.1f by the paper's rules and %.1f by Banyan's",
        life(measured, BANYAN, IMBALANCE_AT_THE_START),
        life(measured, BANYAN, IMBALANCE_AT_THE_END),
        life(measured, PAPER, IMBALANCE_MOST),
        life(measured, BANYAN, IMBALANCE_MOST));
  }

  static Verdict depths(Measurements measured) {
    if (!measured.clean(10, PAPER, BANYAN)) {
      return Verdict.of(false, "a checker found the tree at fault in some run");
    }
    boolean sixRouters = true;
    for (String series : List.of(PAPER, BANYAN)) {
      sixRouters &= measured.claim(series, 10, TreeClaims.DEPTH_WITHOUT) == 1;
      sixRouters &= measured.claim(series, 10, TreeClaims.DEPTH_WITH) == 3;
      sixRouters &= measured.claim(series, 10, TreeClaims.DEPTH_FALLS) == 0;
      sixRouters &= measured.claim(series, 10, TreeClaims.DEPTH_AFTER) == 1;
    }
    double random = life(measured, BANYAN, DEPTH_MOST);
    return Verdict.of(
        sixRouters && Math.abs(random - 3) <= CLOSE,
        sixRouters,
        "six routers: %.2f, %.2f, %.2f; random runs with %.1f routers: from %.2f to at most %.2f and back to %.2f",
        measured.claim(BANYAN, 10, TreeClaims.DEPTH_WITHOUT),
        measured.claim(BANYAN, 10, TreeClaims.DEPTH_WITH),
        measured.claim(BANYAN, 10, TreeClaims.DEPTH_AFTER),
        life(measured, BANYAN, ROUTERS_JOINED),
        life(measured, BANYAN, DEPTH_AT_THE_START),
        random,
        life(measured, BANYAN, DEPTH_AT_THE_END));
  }

  /// A limit of a machine cannot hold in virtual time: what can be said is whether the protocol has one.
  static Verdict limit(Measurements measured) {
    int largest = PAPERS_NODES;
    double needless = 0;
    for (String series : List.of(PAPER, BANYAN)) {
      needless += life(measured, series, NEEDLESS_REJOINS);
      for (int size : LARGER) {
        Optional<Double> there = measured.find("2", series + "-" + size, RUN, NEEDLESS_REJOINS);
        if (there.isPresent()) {
          largest = Math.max(largest, size);
          needless += there.get();
        }
      }
    }
    return Verdict.of(
        needless > 0 ? Outcome.HOLDS : Outcome.DIFFERS,
        "%.1f needless rejoins a run, all sizes together, up to %,d nodes (%.0f times the paper's) in virtual time",
        needless,
        largest,
        (double) largest / PAPERS_NODES);
  }

  static Verdict unicast(Measurements measured) {
    if (!measured.clean(20, PAPER, BANYAN)) {
      return Verdict.of(false, "in some run a record did not come to somebody who wanted it");
    }
    boolean equal = true;
    for (String series : List.of(PAPER, BANYAN)) {
      double expected = measured.claim(series, 20, TreeClaims.EXPECTED);
      equal &= expected > 0 && measured.claim(series, 20, TreeClaims.DELIVERED) == expected;
      equal &= measured.claim(series, 20, TreeClaims.REPEATS) == 0;
    }
    return Verdict.of(
        equal,
        "%.0f records a run: %.1f deliveries by unicast, %.1f over the tree, %.1f repeats",
        measured.claim(BANYAN, 20, TreeClaims.PUBLISHED),
        measured.claim(BANYAN, 20, TreeClaims.EXPECTED),
        measured.claim(BANYAN, 20, TreeClaims.DELIVERED),
        measured.claim(BANYAN, 20, TreeClaims.REPEATS));
  }
}
