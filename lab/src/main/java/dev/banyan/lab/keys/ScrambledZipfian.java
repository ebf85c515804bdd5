package dev.banyan.lab.keys;

import java.util.random.RandomGenerator;
import site.ycsb.Utils;
import site.ycsb.generator.ScrambledZipfianGenerator;

/// Numbers of records as YCSB's [ScrambledZipfianGenerator] draws them, from a generator of ours: YCSB's own draws from
/// the thread's generator, which cannot be seeded.
///
/// Zipfian ranks among ten billion, hashed into the records, so that popular records lie anywhere. Constants and hash
/// are YCSB's.
public final class ScrambledZipfian {

  private static final Zipfian RANKS =
      new Zipfian(ScrambledZipfianGenerator.ITEM_COUNT + 1.0, ScrambledZipfianGenerator.ZETAN);

  private final long records;
  private final RandomGenerator random;

  /// Draws 0 to records - 1.
  public ScrambledZipfian(long records, RandomGenerator random) {
    this.records = records;
    this.random = random;
  }

  public long next() {
    return Utils.fnvhash64(RANKS.next(random)) % records;
  }
}
