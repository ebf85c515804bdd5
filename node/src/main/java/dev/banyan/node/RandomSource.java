package dev.banyan.node;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Seeded generators, all of one algorithm.
public final class RandomSource {

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private RandomSource() {}

  public static RandomGenerator of(long seed) {
    return FACTORY.create(seed);
  }
}
