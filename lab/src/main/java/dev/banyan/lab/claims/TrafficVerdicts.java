package dev.banyan.lab.claims;

import dev.banyan.lab.claims.Verdict.Outcome;
import dev.banyan.lab.figures.Metric;
import dev.banyan.lab.figures.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Criteria for what crosses the links, and for filters.
final class TrafficVerdicts {

  private static final String PUBLISHED = "paper";
  private static final String PAPER = "paper-rules";
  private static final String BANYAN = "banyan";
  private static final String LEAST_QUEUE = "banyan-no-reallocation";
  private static final String[] REAL = {PAPER, LEAST_QUEUE, BANYAN};

  private static final double FAR_MORE = 10;
  private static final double EXPONENTS_EQUAL = 0.1;
  private static final int MANY_ROUTERS = 32;
  private static final double ACCEPTABLE = 0.5;
  private static final double BY_FAR = 1.25;
  private static final List<String> WORKLOADS = List.of("4x2", "2x2", "1x2", "1x1");

  /// Keys, bytes of the unit, and what table 1 says in it.
  private record Printed(int keys, int unit, double size) {}

  private static final List<Printed> TABLE_1 =
      List.of(
          new Printed(1_000, 1 << 10, 2),
          new Printed(10_000, 1 << 10, 18),
          new Printed(100_000, 1 << 10, 175),
          new Printed(1_000_000, 1 << 20, 2));

  private TrafficVerdicts() {}

  static Verdict heartbeats(Measurements measured) {
    double ratio = measured.claim(PAPER, 4, TrafficClaims.PER_HEARTBEAT);
    double root = measured.claim(PAPER, 4, TrafficClaims.ROOT_SHARE);
    double lowest = measured.claim(PAPER, 4, TrafficClaims.LOWEST_SHARE);
    double rate = measured.claim(PAPER, 4, TrafficClaims.UPDATES_PER_SECOND);
    return Verdict.of(
        ratio >= FAR_MORE && root < lowest,
        ratio > 1 || root < lowest,
        "%.0f multicasts for each heartbeat at %.0f updates a second (as many below %.1f a second); heartbeats are"
            + " %.2f%% of the packets at the root, %.2f%% at the lowest routers. Banyan, whose updates stay where they"
            + " are wanted: %.0f; %.2f%%, %.2f%%",
        ratio,
        rate,
        rate / ratio,
        100 * root,
        100 * lowest,
        measured.claim(BANYAN, 4, TrafficClaims.PER_HEARTBEAT),
        100 * measured.claim(BANYAN, 4, TrafficClaims.ROOT_SHARE),
        100 * measured.claim(BANYAN, 4, TrafficClaims.LOWEST_SHARE));
  }

  static Verdict filters(Measurements measured) {
    double missed = measured.claim(BANYAN, 6, FilterClaims.FALSE_NEGATIVES);
    return Verdict.of(
        missed == 0,
        "%.1f false negatives among %,.0f questions for members of five kinds of filter; %.3f%% false positives",
        missed,
        measured.claim(BANYAN, 6, FilterClaims.MEMBERS),
        100
            * measured.claim(BANYAN, 6, FilterClaims.FALSE_POSITIVES)
            / measured.claim(BANYAN, 6, FilterClaims.STRANGERS));
  }

  static Verdict growth(Measurements measured) {
    double flat = exponent(measured, "4", PUBLISHED + "-flat");
    double tree = exponent(measured, "4", PUBLISHED);
    boolean quadratic = Math.abs(flat - 2) <= EXPONENTS_EQUAL;
    boolean linear = Math.abs(tree - 1) <= EXPONENTS_EQUAL;
    List<String> real = new ArrayList<>();
    for (String series : REAL) {
      real.add(
          Measurements.format(
              "%s %.2f and %.2f",
              series, exponent(measured, "4", series + "-flat"), exponent(measured, "4", series)));
    }
    return Verdict.of(
        quadratic && linear,
        quadratic || linear,
        "n^%.2f flat, n^%.2f tree; on the node that ships %s (O(log n) would be near 0)",
        flat,
        tree,
        String.join(", ", real));
  }

  private static double exponent(Measurements measured, String figure, String series) {
    return measured.mean(figure, series, Metric.GROWTH_EXPONENT);
  }

  static Verdict interior(Measurements measured) {
    double published = busiest(measured, PUBLISHED).orElse(Double.NaN);
    double worst = published;
    List<String> real = new ArrayList<>();
    for (String series : REAL) {
      OptionalDouble share = busiest(measured, series);
      if (share.isPresent()) {
        worst = Math.max(worst, share.getAsDouble());
        real.add(Measurements.format("%s %.2f", series, share.getAsDouble()));
      }
    }
    return Verdict.of(
        worst <= ACCEPTABLE,
        published <= ACCEPTABLE,
        "in the published simulator 95%% bear at most %.2f of the root's packets, whatever the number of routers from %d on%s. There is no run"
            + " without balancing to compare",
        published,
        MANY_ROUTERS,
        real.isEmpty()
            ? " (the node that ships is measured in full runs)"
            : "; on the node that ships: " + String.join(", ", real));
  }

  /// The greatest ratio of the 95th percentile to the root, over the numbers of routers.
  private static OptionalDouble busiest(Measurements measured, String series) {
    return measured.rows("5", series, Metric.LOAD_P95).stream()
        .filter(row -> Integer.parseInt(row.x()) >= MANY_ROUTERS)
        .mapToDouble(row -> row.mean() / measured.mean("5", series, row.x(), Metric.ROOT_PACKETS))
        .max();
  }

  static Verdict sharding(Measurements measured) {
    double more = measured.claim(PUBLISHED, 14, TrafficClaims.HOSTS_WITH_MORE);
    boolean never = more == 0;
    boolean worthIt = true;
    List<String> real = new ArrayList<>();
    for (String series : List.of(PAPER, BANYAN)) {
      double with = measured.claim(series, 14, TrafficClaims.SHARDED);
      double without = measured.claim(series, 14, TrafficClaims.UNSHARDED);
      double control = measured.claim(series, 14, TrafficClaims.SHARDED_CONTROL);
      worthIt &=
          with + control <= without + measured.claim(series, 14, TrafficClaims.UNSHARDED_CONTROL);
      double hosts = measured.claim(series, 14, TrafficClaims.HOSTS_WITH_MORE);
      never &= hosts == 0;
      real.add(
          Measurements.format(
              "%s %,.0f data packets instead of %,.0f, %,.0f of control, %.1f hosts with more data",
              series, with, without, control, hosts));
    }
    return Verdict.of(
        never && worthIt,
        never || worthIt,
        "%.1f hosts a run with more; %,.0f data packets instead of %,.0f; on the node that ships: %s",
        more,
        measured.claim(PUBLISHED, 14, TrafficClaims.SHARDED),
        measured.claim(PUBLISHED, 14, TrafficClaims.UNSHARDED),
        String.join("; ", real));
  }

  static Verdict star(Measurements measured) {
    double star = exponent(measured, "6", PUBLISHED);
    double tree = exponent(measured, "6", PUBLISHED + "-tree");
    boolean same = Math.abs(star - tree) <= EXPONENTS_EQUAL;
    double ratio = starToTree(measured, PUBLISHED);
    List<String> real = new ArrayList<>();
    for (String series : REAL) {
      real.add(Measurements.format("%s %s", series, percent(starToTree(measured, series))));
    }
    return Verdict.of(
        same && ratio > 1,
        same || ratio > 1,
        "n^%.2f against n^%.2f; the star's root has %s packets with the most workers; on the node that ships: %s",
        star,
        tree,
        percent(ratio),
        String.join(", ", real));
  }

  private static double starToTree(Measurements measured, String series) {
    Row star = measured.rows("6", series, Metric.ROOT_PACKETS).getLast();
    return star.mean() / measured.mean("6", series + "-tree", star.x(), Metric.ROOT_PACKETS);
  }

  /// `4% fewer`, `17% more`.
  private static String percent(double ratio) {
    double percent = 100 * (ratio - 1);
    return String.format(
        Locale.ROOT, "%.0f%% %s", Math.abs(percent), percent < 0 ? "fewer" : "more");
  }

  static Verdict memory(Measurements measured) {
    boolean equal = true;
    List<String> sizes = new ArrayList<>();
    for (Printed printed : TABLE_1) {
      double bytes = measured.mean("table1", "bloom", String.valueOf(printed.keys), "bytes");
      double size = bytes / printed.unit;
      equal &= Math.abs(size - printed.size) < 1;
      sizes.add(Measurements.format("%.2f (%.0f)", size, printed.size));
    }
    double exponent =
        measured.mean("memory", "star", "largest_host_bytes_" + Metric.GROWTH_EXPONENT);
    boolean quadratic = exponent >= 2 - EXPONENTS_EQUAL;
    return Verdict.of(
        equal && quadratic,
        equal || quadratic,
        "measured (printed): %s; the star's filters grow with n^%.2f, the largest host of a tree with n^%.2f (computed)",
        String.join(", ", sizes),
        exponent,
        measured.mean("memory", "tree", "largest_host_bytes_" + Metric.GROWTH_EXPONENT));
  }

  static Verdict sharedKeys(Measurements measured) {
    List<String> shares = new ArrayList<>();
    double previous = 0;
    double first = Double.NaN;
    boolean grows = true;
    for (int workers = 9; workers <= 729; workers *= 3) {
      double share = measured.claim(PUBLISHED, 17, TrafficClaims.REACHED + workers);
      shares.add(Measurements.format("%.2f", share));
      grows &= share > previous;
      first = Double.isNaN(first) ? share : first;
      previous = share;
    }
    return Verdict.of(
        grows && previous >= 0.95,
        previous > first,
        "%s with 9 to 729 workers; with tasks at the rate of figure 4, whatever the workers, %.2f and"
            + " %.2f",
        String.join(", ", shares),
        measured.claim(PUBLISHED, 17, TrafficClaims.REACHED_AT_FIXED_RATE + 9),
        measured.claim(PUBLISHED, 17, TrafficClaims.REACHED_AT_FIXED_RATE + 729));
  }

  static Verdict workloads(Measurements measured) {
    double worst = measured.mean("8", PUBLISHED, "1x1", Metric.IR_MEAN);
    double next = 0;
    for (String workload : WORKLOADS) {
      if (!workload.equals("1x1")) {
        next = Math.max(next, measured.mean("8", PUBLISHED, workload, Metric.IR_MEAN));
      }
    }
    double rootOf = measured.mean("8", PUBLISHED, "1x1", Metric.ROOT_PACKETS);
    return Verdict.of(
        worst >= BY_FAR * next,
        worst > next,
        "%s than the next (%.0f against %.0f in the mean of the three); at the root %s than W(1x2), %s than W(4x2)",
        percent(worst / next),
        worst,
        next,
        percent(rootOf / measured.mean("8", PUBLISHED, "1x2", Metric.ROOT_PACKETS)),
        percent(rootOf / measured.mean("8", PUBLISHED, "4x2", Metric.ROOT_PACKETS)));
  }

  static Verdict reallocation(Measurements measured) {
    int asClaimed = 0;
    int saved = 0;
    List<String> numbers = new ArrayList<>();
    for (String workload : WORKLOADS) {
      double root = saving(measured, workload, Metric.ROOT_PACKETS);
      double total = saving(measured, workload, Metric.TOTAL_PACKETS);
      asClaimed += within(root) && within(total) ? 1 : 0;
      saved += root >= 0.15 && total >= 0.15 ? 1 : 0;
      numbers.add(
          Measurements.format("W(%s) %.0f%% and %.0f%%", workload, 100 * root, 100 * total));
    }
    boolean nothing = Math.abs(saving(measured, "1x1", Metric.ROOT_PACKETS)) < 0.05;
    return Verdict.of(
        asClaimed >= 3 && nothing
            ? Outcome.HOLDS
            : saved > 0 ? Outcome.DIFFERS : Outcome.DOES_NOT_HOLD,
        "fewer at the root and in total: %s",
        String.join(", ", numbers));
  }

  private static boolean within(double saving) {
    return saving >= 0.15 && saving <= 0.3;
  }

  /// Against the same node with tasks sent to whoever has the fewest.
  private static double saving(Measurements measured, String workload, String metric) {
    return 1
        - measured.mean("9", BANYAN, workload, metric)
            / measured.mean("9", LEAST_QUEUE, workload, metric);
  }
}
