package dev.banyan.bench.jmh;

import dev.banyan.filter.ExactFilter;
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

/// The exact filter: what a router asks for every child and every tag of a multicast.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterBenchmark {

  private static final int PROBES = 1 << 12;

  @Param({"100", "100000"})
  public int size;

  private final ExactFilter filter = new ExactFilter();
  private final long[] members = new long[PROBES];
  private final long[] strangers = new long[PROBES];
  private int next;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < size; i++) {
      long tag = random.nextLong();
      filter.add(tag);
      members[i & (PROBES - 1)] = tag;
    }
    for (int i = 0; i < PROBES; i++) {
      strangers[i] = random.nextLong();
      if (i >= size) {
        members[i] = members[i % size];
      }
    }
  }

  @Benchmark
  public boolean containsMember() {
    return filter.mightContain(members[next++ & (PROBES - 1)]);
  }

  @Benchmark
  public boolean containsStranger() {
    return filter.mightContain(strangers[next++ & (PROBES - 1)]);
  }

  @Benchmark
  public boolean addAndRemove() {
    long tag = strangers[next++ & (PROBES - 1)];
    return filter.add(tag) & filter.remove(tag);
  }
}
