package dev.banyan.sim;

import java.util.stream.LongStream;

/// Which seeds a seeded test tries: `-Dbanyan.seed=N` one alone, else 1 to `banyan.seeds`.
public final class SimSeeds {

  private SimSeeds() {}

  static LongStream all() {
    return upTo(Integer.getInteger("banyan.seeds", 40));
  }

  /// For expensive scenarios: no more than this share of the seeds.
  public static LongStream oneIn(int share) {
    return upTo(Math.max(1, Integer.getInteger("banyan.seeds", 40) / share));
  }

  private static LongStream upTo(int last) {
    Long one = Long.getLong("banyan.seed");
    return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, last);
  }

  /// Options whose violations tell how this very test is repeated.
  public static ClusterOptions options(Class<?> test, String name, long seed) {
    return ClusterOptions.of(seed, name)
        .withRepeat(
            "mvn -pl sim -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=%s -Dbanyan.seed=%d"
                .formatted(test.getSimpleName(), seed));
  }

  /// Whether this is a long run: trees of ten thousand nodes are for these.
  public static boolean burning() {
    return Integer.getInteger("banyan.seeds", 40) > 40;
  }
}
