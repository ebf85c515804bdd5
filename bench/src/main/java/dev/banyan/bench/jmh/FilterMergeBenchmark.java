package dev.banyan.bench.jmh;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import dev.banyan.filter.ExactFilter;
import dev.banyan.filter.InterestFilter;
import dev.banyan.filter.QuotientFilter;
import dev.banyan.filter.TagSetCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Whole filters: what a router wants that has 16 links of 100,000 tags each, and a set of a million tags on its way. The
/// Bloom filters are all as long as the union needs.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterMergeBenchmark {

  private static final int LINKS = 16;
  private static final int TAGS = 100_000;
  private static final int TOTAL = LINKS * TAGS;
  private static final double RATE = FilterSubject.FALSE_POSITIVE_RATE;
  private static final int MILLION = 1_000_000;

  private final List<QuotientFilter> quotients = new ArrayList<>();
  private final List<ExactFilter> exacts = new ArrayList<>();
  private final List<InterestFilter> blooms = new ArrayList<>();
  private final List<BloomFilter<Long>> guavas = new ArrayList<>();
  private final int width = TagSetCodec.widthFor(MILLION, RATE);
  private long[] set;
  private byte[] encoded;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(3);
    for (int link = 0; link < LINKS; link++) {
      quotients.add(QuotientFilter.forUpTo(TOTAL, RATE));
      exacts.add(new ExactFilter(1));
      blooms.add(dev.banyan.filter.BloomFilter.forUpTo(TOTAL, RATE));
      guavas.add(BloomFilter.create(Funnels.longFunnel(), TOTAL, RATE));
      for (int i = 0; i < TAGS; i++) {
        long tag = random.nextLong();
        quotients.get(link).add(tag);
        exacts.get(link).add(tag);
        blooms.get(link).add(tag);
        guavas.get(link).put(tag);
      }
    }
    set = TagSetCodec.prefixes(random.longs(MILLION).toArray(), width);
    encoded = TagSetCodec.encode(set, width);
  }

  @Benchmark
  public int unionOfQuotient() {
    return QuotientFilter.unionOf(quotients).size();
  }

  @Benchmark
  public int unionOfExact() {
    ExactFilter union = new ExactFilter(1);
    exacts.forEach(union::union);
    return union.size();
  }

  @Benchmark
  public int unionOfBloom() {
    InterestFilter union = dev.banyan.filter.BloomFilter.forUpTo(TOTAL, RATE);
    blooms.forEach(union::union);
    return union.size();
  }

  @Benchmark
  public long unionOfGuavaBloom() {
    BloomFilter<Long> union = BloomFilter.create(Funnels.longFunnel(), TOTAL, RATE);
    guavas.forEach(union::putAll);
    return union.approximateElementCount();
  }

  @Benchmark
  public byte[] encodeMillion() {
    return TagSetCodec.encode(set, width);
  }

  @Benchmark
  public long[] decodeMillion() {
    return TagSetCodec.decode(encoded, MILLION);
  }

  @Benchmark
  public QuotientFilter filterOfMillion() {
    return QuotientFilter.of(width, set);
  }
}
