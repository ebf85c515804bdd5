package dev.banyan.bench.jmh;

import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.nio.ByteBuffer;
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

/// What a router does with one multicast that eight children want.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardingBenchmark {

  private static final int CHILDREN = 8;

  private final Codec codec = new Codec();
  private final Effects effects = new Effects();
  private final ByteBuffer frame = ByteBuffer.allocateDirect(128);
  private TreeNode node;
  private LinkId from;
  private Event received;
  private long nowNanos;

  @Setup
  public void attachChildren() {
    MemoryTree tree = new MemoryTree(CHILDREN + 1);
    for (int i = 1; i <= CHILDREN; i++) {
      tree.client(i).give(new Event.ChangeInterest(new long[] {SampleFrames.TAG}, new long[0]));
    }
    tree.pass(TimeUnit.MILLISECONDS.toNanos(10));
    node = tree.root();
    from = tree.client(0).onlyLinkAtItsOtherEnd();
    nowNanos = tree.nowNanos();
    received = new Event.Received(from, SampleFrames.multicast());
    frame.put(codec.encode(SampleFrames.multicast())).flip();
    if (decide().size() != 1) {
      throw new IllegalStateException("one effect was expected: " + effects);
    }
  }

  /// The node's decision alone.
  @Benchmark
  public Effects decide() {
    effects.clear();
    node.handle(received, nowNanos, effects);
    return effects;
  }

  /// From the bytes of a 128-byte frame in a read buffer to the decision.
  @Benchmark
  public Effects scanAndDecide() throws MalformedFrameException {
    effects.clear();
    Message message = codec.decode(frame, 0, frame.limit());
    node.handle(new Event.Received(from, message), nowNanos, effects);
    return effects;
  }
}
