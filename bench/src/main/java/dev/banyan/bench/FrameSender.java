package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// A client that multicasts frames made beforehand, as fast as the router takes them or at a pace; the clients' loop runs
/// on meanwhile.
final class FrameSender {

  private static final long NUMBER = 99;
  private static final int BLOCK_BYTES = 64 << 10;

  private static final long AWAIT_MILLIS = 10;

  private final ClientLoop loop;
  private final SocketMember member;
  private final FrameTemplate[] templates;
  private final ByteBuffer block;
  private final int frameBytes;
  private final int blockFrames;
  private long sequence = FrameTemplate.FIRST_SEQUENCE;

  /// @param tags that frames take in turn
  /// @param encrypted whether its link is
  FrameSender(ClientLoop loop, Address router, long[] tags, int frameBytes, boolean encrypted) {
    this.loop = loop;
    Optional<EncryptedLinks> links =
        encrypted ? Optional.of(EncryptedLinks.of(NUMBER, NodeKind.CLIENT)) : Optional.empty();
    NodeId id = links.map(EncryptedLinks::node).orElse(new NodeId(NUMBER));
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
            Identity.of(id, NodeKind.CLIENT, Address.NONE, NUMBER),
            router,
            loop,
            new SocketMember.Counter() {
              @Override
              public void multicasts(ByteBuffer in, int count, int[] ends) {
                throw new IllegalStateException("the sender wants nothing, and was sent something");
              }

              @Override
              public void gap() {}
            },
            links);
    member.start();
  }

  int payloadBytes() {
    return templates[0].payloadBytes();
  }

  boolean attached() {
    return member.attached();
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
      member.send(block.limit(count * frameBytes));
      left -= count;
      loop.poll();
      awaitSent();
    }
  }

  /// Sends so many frames, one at a time, at that rate. Each carries the times at which it was due and was sent.
  ///
  /// Between two frames the loop polls and never sleeps: the kernel wakes a thread tens of microseconds late, which would
  /// be told as the router's.
  void pace(long frames, double perSecond) {
    double intervalNanos = 1e9 / perSecond;
    long start = System.nanoTime();
    for (long i = 0; i < frames; i++) {
      long due = start + (long) (i * intervalNanos);
      long now = System.nanoTime();
      do {
        loop.poll();
        now = System.nanoTime();
      } while (now < due);
      awaitSent();
      block.clear();
      int place = (int) (i % templates.length);
      stamp(place, due, now);
      member.send(block.limit((place + 1) * frameBytes).position(place * frameBytes));
    }
  }

  /// Until the block may be written to again.
  private void awaitSent() {
    while (member.sending()) {
      loop.await(AWAIT_MILLIS);
    }
  }

  private void stamp(int place, long dueNanos, long sentNanos) {
    templates[place % templates.length].stamp(
        block, place * frameBytes, ++sequence, dueNanos, sentNanos);
  }
}
