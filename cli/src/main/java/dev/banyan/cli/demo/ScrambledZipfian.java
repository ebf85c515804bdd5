package dev.banyan.cli.demo;

import java.util.random.RandomGenerator;
import site.ycsb.Utils;
import site.ycsb.generator.ScrambledZipfianGenerator;

/// Numbers of records as YCSB's [ScrambledZipfianGenerator] draws them, from a generator of ours: YCSB's own draws from
/// the thread's generator, which cannot be seeded.
///
/// Zipfian ranks among ten billion by the method of Gray et al. ("Quickly generating billion-record synthetic
/// databases", SIGMOD 1994, figure 3), hashed into the records, so that popular records lie anywhere. Constants and hash
/// are YCSB's.
final class ScrambledZipfian {

  private static final double THETA = ScrambledZipfianGenerator.USED_ZIPFIAN_CONSTANT;
  private static final double ZETA_N = ScrambledZipfianGenerator.ZETAN;
  private static final double ITEMS = ScrambledZipfianGenerator.ITEM_COUNT + 1.0;
  private static final double ZETA_2 = 1 + Math.pow(0.5, THETA);
  private static final double ALPHA = 1 / (1 - THETA);
  private static final double ETA = (1 - Math.pow(2 / ITEMS, 1 - THETA)) / (1 - ZETA_2 / ZETA_N);

  private final long records;
  private final RandomGenerator random;

  /// Draws 0 to records - 1.
  ScrambledZipfian(long records, RandomGenerator random) {
    this.records = records;
    this.random = random;
  }

  long next() {
    return Utils.fnvhash64(rank()) % records;
  }

  private long rank() {
    double uniform = random.nextDouble();
    double scaled = uniform * ZETA_N;
    if (scaled < 1) {
      return 0;
    }
    if (scaled < ZETA_2) {
      return 1;
    }
    return (long) (ITEMS * Math.pow(ETA * uniform - ETA + 1, ALPHA));
  }
}
