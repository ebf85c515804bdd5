package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Receivers of multicasts that do nothing but count them, all read by one thread into one buffer.
final class FrameReceivers implements AutoCloseable {

  /// Fits the second-level cache, so that counting does not compete for memory with what is measured.
  private static final int SCRATCH_BYTES = 256 << 10;

  private static final long MAX_WAIT_MILLIS = 100;

  private final Selector selector;
  private final List<Receiver> receivers = new ArrayList<>();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean everyLatency;
  private volatile @Nullable RuntimeException failure;

  /// @param tags what each of them wants
  FrameReceivers(Address router, List<long[]> tags) throws IOException {
    selector = Selector.open();
    for (int i = 0; i < tags.size(); i++) {
      receivers.add(new Receiver(new NodeId(100 + i), router, tags.get(i)));
    }
    thread = Thread.ofPlatform().daemon().name("receivers").start(this::run);
  }

  boolean attached() {
    return receivers.stream().allMatch(receiver -> receiver.member.attached());
  }

  /// Frames received so far by whoever has received the fewest.
  long fewest() {
    return receivers.stream().mapToLong(receiver -> receiver.frames).min().orElse(0);
  }

  long frames() {
    return receivers.stream().mapToLong(receiver -> receiver.frames).sum();
  }

  /// Gap marks received so far.
  long gaps() {
    return receivers.stream().mapToLong(receiver -> receiver.gaps).sum();
  }

  /// When the last frame came in, on the clock of [System#nanoTime].
  long lastFrameNanos() {
    return receivers.stream().mapToLong(receiver -> receiver.lastFrameNanos).max().orElse(0);
  }

  /// Records every frame's time under way, or (a flood) that of the last one of each read; forgets earlier ones.
  ///
  /// Call it, and [#times], only while nothing is sent.
  void measure(boolean every) {
    everyLatency = every;
    receivers.forEach(receiver -> receiver.times.clear());
  }

  FrameTimes times() {
    FrameTimes all = new FrameTimes();
    receivers.forEach(receiver -> all.add(receiver.times));
    return all;
  }

  /// @throws BenchmarkException when the receiving thread had to give up
  void check() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw new BenchmarkException("receiving failed: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      receivers.forEach(receiver -> receiver.member.start(receiver.tags));
      while (!closing) {
        long next = Long.MAX_VALUE;
        for (Receiver receiver : receivers) {
          next = Math.min(next, receiver.member.fireTimers());
        }
        long waitMillis = Math.clamp((next - System.nanoTime()) / 1_000_000, 1, MAX_WAIT_MILLIS);
        selector.select(key -> ((SocketMember) key.attachment()).read(scratch), waitMillis);
      }
      receivers.forEach(receiver -> receiver.member.close());
    } catch (IOException e) {
      failure = new UncheckedIOException(e);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private final class Receiver implements SocketMember.Counter {

    final SocketMember member;
    final long[] tags;
    final FrameTimes times = new FrameTimes();

    // Written by the receiving thread alone.
    volatile long frames;
    volatile long gaps;
    volatile long lastFrameNanos;

    Receiver(NodeId id, Address router, long[] tags) {
      this.tags = tags;
      member =
          new SocketMember(
              Identity.of(id, NodeKind.CLIENT, Address.NONE, id.value()), router, selector, this);
    }

    @Override
    public void multicasts(ByteBuffer in, int count, int[] ends) {
      long now = System.nanoTime();
      lastFrameNanos = now;
      if (everyLatency) {
        for (int i = 0; i < count; i++) {
          record(in, ends[i], now);
        }
      } else {
        record(in, ends[count - 1], now);
      }
      frames += count;
    }

    private void record(ByteBuffer in, int end, long now) {
      long underWay = now - FrameTemplate.sentNanos(in, end);
      long late = FrameTemplate.lateNanos(in, end);
      times.record(underWay, late);
    }

    @Override
    public void gap() {
      gaps++;
    }
  }
}
