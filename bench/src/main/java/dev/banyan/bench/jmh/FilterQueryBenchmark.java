package dev.banyan.bench.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to ask a filter of a million tags, ours beside Guava's Bloom filter and another cuckoo filter. Each
/// question is about another tag, so the memory touched is the whole filter.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterQueryBenchmark {

  @Param({"exact", "bloom", "blocked-bloom", "cuckoo", "quotient", "guava-bloom", "cuckoofilter4j"})
  public String structure;

  @Param("1000000")
  public int size;

  private FilterSubject filter;
  private long[] members;
  private long[] strangers;
  private int next;

  @Setup
  public void fill() {
    filter = FilterSubject.named(structure, size);
    SplittableRandom random = new SplittableRandom(1);
    members = random.longs(size).toArray();
    strangers = random.longs(size).toArray();
    for (long tag : members) {
      filter.add(tag);
    }
  }

  @Benchmark
  public boolean member() {
    return filter.mightContain(members[step()]);
  }

  @Benchmark
  public boolean stranger() {
    return filter.mightContain(strangers[step()]);
  }

  private int step() {
    next = next + 1 == size ? 0 : next + 1;
    return next;
  }
}
