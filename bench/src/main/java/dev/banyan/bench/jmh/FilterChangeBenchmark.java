package dev.banyan.bench.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to add a tag to a filter of a million, and to remove one: thousands at a time, as many of which are
/// removed again, or were added before, unmeasured.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterChangeBenchmark {

  private static final int CHANGES = 20_000;

  /// A filter of a million, and some tags more.
  @State(Scope.Thread)
  public static class Filled {

    @Param({"exact", "cuckoo", "quotient", "cuckoofilter4j"})
    public String structure;

    @Param("1000000")
    public int size;

    final long[] tags = new long[CHANGES];
    private final SplittableRandom random = new SplittableRandom(2);
    private FilterSubject filter;

    @Setup
    public void fill() {
      filter = FilterSubject.named(structure, size + CHANGES);
      for (int i = 0; i < size; i++) {
        filter.add(random.nextLong());
      }
    }

    final void choose() {
      for (int i = 0; i < CHANGES; i++) {
        tags[i] = random.nextLong();
      }
    }

    final int addAll() {
      int changed = 0;
      for (long tag : tags) {
        changed += filter.add(tag) ? 1 : 0;
      }
      return changed;
    }

    final int removeAll() {
      int changed = 0;
      for (long tag : tags) {
        changed += filter.remove(tag) ? 1 : 0;
      }
      return changed;
    }
  }

  /// Tags that are not in yet.
  @State(Scope.Thread)
  public static class Coming extends Filled {

    @Setup(Level.Invocation)
    public void chooseNew() {
      choose();
    }

    @TearDown(Level.Invocation)
    public void forget() {
      removeAll();
    }
  }

  /// Tags that are in.
  @State(Scope.Thread)
  public static class Going extends Filled {

    @Setup(Level.Invocation)
    public void chooseAndAdd() {
      choose();
      addAll();
    }
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public int add(Coming coming) {
    return coming.addAll();
  }

  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public int remove(Going going) {
    return going.removeAll();
  }
}
