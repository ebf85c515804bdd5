package dev.banyan.lab.keys;

import java.util.random.RandomGenerator;
import site.ycsb.generator.ZipfianGenerator;

/// Ranks from 0 with zipfian frequency and YCSB's exponent, by the method of Gray et al. ("Quickly generating
/// billion-record synthetic databases", SIGMOD 1994, figure 3).
final class Zipfian {

  private static final double THETA = ZipfianGenerator.ZIPFIAN_CONSTANT;
  private static final double ZETA_2 = 1 + StrictMath.pow(0.5, THETA);
  private static final double ALPHA = 1 / (1 - THETA);

  private final double items;
  private final double zeta;
  private final double eta;

  /// @param items how many ranks there are, 2 at least
  /// @param zeta the sum of 1/i^0.99 over i from 1 to that number
  Zipfian(double items, double zeta) {
    this.items = items;
    this.zeta = zeta;
    this.eta = (1 - StrictMath.pow(2 / items, 1 - THETA)) / (1 - ZETA_2 / zeta);
  }

  /// What one item more adds to the sum.
  static double term(long item) {
    return 1 / StrictMath.pow(item, THETA);
  }

  long next(RandomGenerator random) {
    double uniform = random.nextDouble();
    double scaled = uniform * zeta;
    if (scaled < 1) {
      return 0;
    }
    if (scaled < ZETA_2) {
      return 1;
    }
    double rank = items * StrictMath.pow(eta * uniform - eta + 1, ALPHA);
    return (long) Math.min(rank, items - 1); // rounding may reach one
  }
}
