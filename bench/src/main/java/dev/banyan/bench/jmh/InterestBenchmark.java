package dev.banyan.bench.jmh;

import dev.banyan.protocol.Event;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A client's interest on its way to its parent, and the parent's answer, both nodes counted: one change of 64 tags, and
/// its reversal, as one message each.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InterestBenchmark {

  private static final int TAGS = 64;
  private static final long COALESCE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  /// Tags the client wants throughout.
  @Param({"0", "100000"})
  public int held;

  private final long[] none = {};
  private final long[] tags = new long[TAGS];
  private MemoryTree tree;

  @Setup
  public void advertise() {
    tree = new MemoryTree(2);
    long[] others = new long[held];
    for (int i = 0; i < held; i++) {
      others[i] = (i + 1) * 0x9E37_79B9_7F4AL;
    }
    for (int i = 0; i < TAGS; i++) {
      tags[i] = (i + 1) * 0x1_0000_0001L;
    }
    tree.client(0).give(new Event.ChangeInterest(others, none));
    tree.pass(COALESCE_NANOS);
  }

  /// Time for one tag to come, be advertised and answered, and go again.
  @Benchmark
  @OperationsPerInvocation(TAGS)
  public void addAndRemove() {
    tree.client(0).give(new Event.ChangeInterest(tags, none));
    tree.pass(COALESCE_NANOS);
    tree.client(0).give(new Event.ChangeInterest(none, tags));
    tree.pass(COALESCE_NANOS);
  }
}
