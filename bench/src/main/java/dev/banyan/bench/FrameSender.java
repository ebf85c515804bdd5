package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// A client that multicasts frames made beforehand, as fast as the router takes them or at a pace. Belongs to one
/// thread.
final class FrameSender implements AutoCloseable {

  private static final int BLOCK_BYTES = 64 << 10;

  /// Between two looks at timers and inbound frames while pacing.
  private static final long TEND_EVERY_NANOS = 5_000_000;

  private final Selector selector = Selector.open();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 << 10);
  private final SocketMember member;
  private final FrameTemplate[] templates;
  private final ByteBuffer block;
  private final int frameBytes;
  private final int blockFrames;
  private long sequence = FrameTemplate.FIRST_SEQUENCE;

  /// @param tags that frames take in turn
  FrameSender(Address router, long[] tags, int frameBytes) throws IOException {
    NodeId id = new NodeId(99);
    Session session = new Session(System.nanoTime(), 1);
    this.frameBytes = frameBytes;
    templates =
        Arrays.stream(tags)
            .mapToObj(tag -> new FrameTemplate(frameBytes, tag, id, session))
            .toArray(FrameTemplate[]::new);
    blockFrames = tags.length * Math.max(1, BLOCK_BYTES / frameBytes / tags.length);
    block = ByteBuffer.allocateDirect(blockFrames * frameBytes);
    for (int i = 0; i < blockFrames; i++) {
      templates[i % templates.length].put(block);
    }
    member =
        new SocketMember(
            Identity.of(id, NodeKind.CLIENT, Address.NONE, id.value()),
            router,
            selector,
            new SocketMember.Counter() {
              @Override
              public void multicasts(ByteBuffer in, int count, int[] ends) {
                throw new IllegalStateException("the sender wants nothing, and was sent something");
              }

              @Override
              public void gap() {}
            });
    member.start();
  }

  int payloadBytes() {
    return templates[0].payloadBytes();
  }

  boolean attached() {
    return member.attached();
  }

  /// Answers heartbeats and fires timers, for at most that long.
  void tend(long waitMillis) {
    member.fireTimers();
    try {
      if (waitMillis == 0) {
        selector.selectNow(key -> member.read(scratch));
      } else {
        selector.select(key -> member.read(scratch), waitMillis);
      }
    } catch (IOException e) {
      throw new BenchmarkException("sending failed: " + e.getMessage(), e);
    }
  }

  /// Sends so many frames as fast as they are taken.
  void flood(long frames) {
    long left = frames;
    while (left > 0) {
      int count = (int) Math.min(left, blockFrames);
      long now = System.nanoTime();
      block.clear();
      for (int i = 0; i < count; i++) {
        stamp(i, now, now);
      }
      member.write(block.limit(count * frameBytes));
      left -= count;
      tend(0);
    }
  }

  /// Sends so many frames, one at a time, at that rate. Each carries the times at which it was due and was sent.
  ///
  /// Between two frames it sleeps: one that spins takes a core from the router and the receivers, and where there are
  /// two, frames then wait for milliseconds.
  void pace(long frames, double perSecond) {
    try (TimerSlack ignored = TimerSlack.least()) {
      paceExactly(frames, perSecond);
    }
  }

  private void paceExactly(long frames, double perSecond) {
    double intervalNanos = 1e9 / perSecond;
    long start = System.nanoTime();
    long tended = start;
    for (long i = 0; i < frames; i++) {
      long due = start + (long) (i * intervalNanos);
      long now = System.nanoTime();
      if (now - tended > TEND_EVERY_NANOS) {
        tend(0);
        tended = now;
      }
      for (now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      block.clear();
      int place = (int) (i % templates.length);
      stamp(place, due, now);
      member.write(block.limit((place + 1) * frameBytes).position(place * frameBytes));
    }
  }

  private void stamp(int place, long dueNanos, long sentNanos) {
    templates[place % templates.length].stamp(
        block, place * frameBytes, ++sequence, dueNanos, sentNanos);
  }

  @Override
  public void close() {
    member.close();
    try {
      selector.close();
    } catch (IOException e) {
      throw new BenchmarkException("cannot close a selector: " + e.getMessage(), e);
    }
  }
}
