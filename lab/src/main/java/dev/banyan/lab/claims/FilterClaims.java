package dev.banyan.lab.claims;

import dev.banyan.filter.BlockedBloomFilter;
import dev.banyan.filter.BloomFilter;
import dev.banyan.filter.CountingFilter;
import dev.banyan.filter.CuckooFilter;
import dev.banyan.filter.ExactFilter;
import dev.banyan.filter.InterestFilter;
import dev.banyan.filter.QuotientFilter;
import java.util.List;
import java.util.SplittableRandom;

/// Claim 6, of every filter there is.
final class FilterClaims {

  static final String MEMBERS = "members_asked_for";
  static final String FALSE_NEGATIVES = "false_negatives";
  static final String STRANGERS = "strangers_asked_for";
  static final String FALSE_POSITIVES = "false_positives";

  private static final int KEYS = 20_000;
  private static final double RATE = 0.001;

  private FilterClaims() {}

  /// Every member is asked for; where members can be removed, every other one is, and the rest are asked for again.
  static void members(long seed, Findings to) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] tags = random.longs(2L * KEYS).toArray();
    long asked = 0;
    long missed = 0;
    long passed = 0;
    List<InterestFilter> filters =
        List.of(
            new ExactFilter(),
            BloomFilter.forUpTo(KEYS, RATE),
            BlockedBloomFilter.forUpTo(KEYS, RATE),
            CuckooFilter.forUpTo(KEYS, RATE),
            QuotientFilter.forUpTo(KEYS, RATE));
    for (InterestFilter filter : filters) {
      for (int i = 0; i < KEYS; i++) {
        filter.add(tags[i]);
      }
      for (int i = 0; i < KEYS; i++) {
        missed += filter.mightContain(tags[i]) ? 0 : 1;
        passed += filter.mightContain(tags[KEYS + i]) ? 1 : 0;
      }
      asked += KEYS;
      if (filter instanceof CountingFilter counting) {
        missed += missedAfterRemovals(counting, tags);
        asked += KEYS / 2;
      }
    }
    to.put(MEMBERS, asked);
    to.put(FALSE_NEGATIVES, missed);
    to.put(STRANGERS, (double) KEYS * filters.size());
    to.put(FALSE_POSITIVES, passed);
  }

  private static long missedAfterRemovals(CountingFilter filter, long[] tags) {
    for (int i = 0; i < KEYS; i += 2) {
      filter.remove(tags[i]);
    }
    long missed = 0;
    for (int i = 1; i < KEYS; i += 2) {
      missed += filter.mightContain(tags[i]) ? 0 : 1;
    }
    return missed;
  }
}
