package dev.banyan.bench;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Table 1 of the paper, measured for every structure there is: size and false positives over the number of keys, beside
/// what no structure can do without.
public final class FilterTable implements Figure {

  private static final double RATE = 0.001;
  private static final int PROBES = 2_000_000;
  private static final List<Integer> KEYS = List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);

  /// The last takes as long as all others together.
  private static final List<Integer> QUICK_KEYS = KEYS.subList(0, KEYS.size() - 1);

  private static final String BYTES = "bytes";
  private static final String BITS_PER_KEY = "bits_per_key";
  private static final String MEASURED = "measured_fpr";
  private static final String BOUND = "bound_bits_per_key";

  @Override
  public String name() {
    return "table1";
  }

  @Override
  public String title() {
    return "size of filters at 0.1% false positives";
  }

  @Override
  public String explanation() {
    return """
    Filters made for 0.1% false positives and filled with as many keys as they are made for; “quotient-grown” is made for \
    the largest number and filled from there up; “wire” is the set of cut tags as it travels on links. Bits a key, beside \
    log2(1000) = 9.97, which no structure that answers so can do without. The paper prints the sizes of Bloom filters. An \
    exact set is in the numbers and not drawn: it takes ten times as much.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Integer> sizes = quick ? QUICK_KEYS : KEYS;
    List<Trial> trials = new ArrayList<>();
    for (String structure : FilterSizes.STRUCTURES) {
      for (int keys : sizes) {
        trials.add(new Entry(structure, keys, sizes));
      }
    }
    return trials;
  }

  /// The exact set is not drawn: it takes ten times what the others do. Of the bounds, equal for all others, one is.
  @Override
  public Plot plot() {
    return new Plot(
        Plot.Kind.LEVELS,
        "keys",
        "bits a key",
        List.of(BITS_PER_KEY, BOUND),
        Set.of("exact", "bloom/" + BOUND, "cuckoo/" + BOUND, "quotient/" + BOUND, "grown/" + BOUND),
        Map.of(BITS_PER_KEY, "", "wire/" + BOUND, "no structure takes less"));
  }

  private record Entry(String structure, int keys, List<Integer> sizes) implements Trial {

    @Override
    public String series() {
      return structure;
    }

    @Override
    public String configuration() {
      return "%s keys=%d of %s rate=%s probes=%d".formatted(structure, keys, sizes, RATE, PROBES);
    }

    @Override
    public double expectedSeconds() {
      return 0.08 + 3e-7 * keys;
    }

    @Override
    public List<Value> measure(long seed) {
      FilterSizes.Row row =
          FilterSizes.measure(structure, keys, new FilterSizes.Options(sizes, RATE, PROBES, seed));
      String x = String.valueOf(keys);
      return List.of(
          new Value(x, BYTES, row.sizeBytes()),
          new Value(x, BITS_PER_KEY, row.bitsPerKey()),
          new Value(x, MEASURED, row.measuredRate()),
          new Value(x, BOUND, row.boundBitsPerKey()));
    }
  }
}
