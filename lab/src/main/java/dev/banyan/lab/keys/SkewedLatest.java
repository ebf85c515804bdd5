package dev.banyan.lab.keys;

import java.util.random.RandomGenerator;

/// Numbers of records as YCSB's [SkewedLatestGenerator] draws them, from a generator of ours: the newest record most
/// often, the ones before it with zipfian frequency by their age. All constants follow the number of records; in YCSB one
/// stays as it was at first.
public final class SkewedLatest {

  private final RandomGenerator random;
  private long records;
  private double zeta;
  private Zipfian ages;

  /// @param records how many there are at first, 2 at least
  public SkewedLatest(long records, RandomGenerator random) {
    this.random = random;
    this.ages = grown(records);
  }

  private Zipfian grown(long count) {
    while (records < count) {
      zeta += Zipfian.term(++records);
    }
    return new Zipfian(records, zeta);
  }

  /// One of 0 to records - 1.
  ///
  /// @param now how many records there are by now; never fewer than before
  public long next(long now) {
    if (now > records) {
      ages = grown(now);
    }
    return records - 1 - ages.next(random);
  }
}
