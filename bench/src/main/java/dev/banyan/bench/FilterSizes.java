package dev.banyan.bench;

import dev.banyan.filter.BlockedBloomFilter;
import dev.banyan.filter.BloomFilter;
import dev.banyan.filter.CuckooFilter;
import dev.banyan.filter.ExactFilter;
import dev.banyan.filter.InterestFilter;
import dev.banyan.filter.QuotientFilter;
import dev.banyan.filter.TagSetCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;

/// The paper's table 1 for every structure there is: how large it is with so many keys, and how often it lets a stranger
/// pass. Equal options give equal rows.
public final class FilterSizes {

  /// The structures, in the order of their rows. `wire` is the set as it travels; `quotient-grown` is a quotient filter
  /// that was made for the largest of the numbers of keys, and holds fewer.
  public static final List<String> STRUCTURES =
      List.of("exact", "bloom", "blocked-bloom", "cuckoo", "quotient", "quotient-grown", "wire");

  private FilterSizes() {}

  /// @param keys how many keys to try, each at least 1
  /// @param falsePositiveRate the target, above 0 and below 1
  /// @param probes strangers to ask each filter for
  public record Options(List<Integer> keys, double falsePositiveRate, int probes, long seed) {

    public Options {
      keys = List.copyOf(keys);
      if (keys.isEmpty() || keys.stream().anyMatch(n -> n < 1) || probes < 1) {
        throw new IllegalArgumentException("keys and probes are at least 1");
      }
    }

    /// Table 1's numbers of keys and its rate, and one number more.
    public static Options table1(long seed) {
      return new Options(
          List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000), 0.001, 2_000_000, seed);
    }
  }

  /// One structure with so many keys.
  ///
  /// @param sizeBytes what it holds in memory, or on the wire
  /// @param measuredRate the share of strangers that passed
  /// @param boundBitsPerKey what no structure can do without, at the target (of an exact set: to tell so many 64-bit tags)
  public record Row(
      String structure, int keys, long sizeBytes, double measuredRate, double boundBitsPerKey) {

    public double bitsPerKey() {
      return 8.0 * sizeBytes / keys;
    }
  }

  /// All structures with all numbers of keys.
  public static List<Row> measure(Options options, Progress progress) {
    List<Row> rows = new ArrayList<>();
    for (int keys : options.keys) {
      for (String structure : STRUCTURES) {
        Row row = measure(structure, keys, options);
        rows.add(row);
        progress.say(
            "%,d keys, %s: %.2f bits a key, %.4f%% false positives"
                .formatted(keys, structure, row.bitsPerKey(), 100 * row.measuredRate));
      }
    }
    return rows;
  }

  /// One structure with one number of keys.
  ///
  /// @param structure one of [#STRUCTURES]
  /// @param keys one of the options'
  public static Row measure(String structure, int keys, Options options) {
    SplittableRandom random = new SplittableRandom(options.seed ^ keys);
    double rate = options.falsePositiveRate;
    if (structure.equals("wire")) {
      int width = TagSetCodec.widthFor(keys, rate);
      long[] prefixes = TagSetCodec.prefixes(random.longs(keys).toArray(), width);
      long sizeBytes = TagSetCodec.encode(prefixes, width).length;
      double measured =
          share(
              options.probes,
              random,
              tag -> Arrays.binarySearch(prefixes, TagSetCodec.truncate(tag, width)) >= 0);
      return new Row(structure, keys, sizeBytes, measured, bound(rate));
    }
    int largest = options.keys.stream().mapToInt(Integer::intValue).max().orElse(keys);
    InterestFilter filter = empty(structure, keys, largest, rate);
    for (int i = 0; i < keys; i++) {
      filter.add(random.nextLong());
    }
    double measured = share(options.probes, random, filter::mightContain);
    double bound = structure.equals("exact") ? exactBound(keys) : bound(rate);
    return new Row(structure, keys, filter.sizeBytes(), measured, bound);
  }

  private static InterestFilter empty(String structure, int keys, int largest, double rate) {
    return switch (structure) {
      case "exact" -> new ExactFilter();
      case "bloom" -> BloomFilter.forUpTo(keys, rate);
      case "blocked-bloom" -> BlockedBloomFilter.forUpTo(keys, rate);
      case "cuckoo" -> CuckooFilter.forUpTo(keys, rate);
      case "quotient" -> QuotientFilter.forUpTo(keys, rate);
      case "quotient-grown" -> QuotientFilter.forUpTo(largest, rate);
      default -> throw new IllegalArgumentException("no structure " + structure);
    };
  }

  private static double share(int probes, SplittableRandom random, LongPredicate passes) {
    int passed = 0;
    for (int i = 0; i < probes; i++) {
      passed += passes.test(random.nextLong()) ? 1 : 0;
    }
    return (double) passed / probes;
  }

  /// Carter, Floyd, Gill, Markowsky and Wegman, "Exact and approximate membership testers" (STOC 1978).
  private static double bound(double rate) {
    return -Math.log(rate) / Math.log(2);
  }

  /// log2 of the number of sets of so many of 2^64 tags, for each tag; by Stirling.
  private static double exactBound(int keys) {
    return Long.SIZE + (1 - Math.log(keys)) / Math.log(2);
  }
}
