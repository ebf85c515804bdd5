package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Receivers of multicasts that do nothing but count them.
final class FrameReceivers {

  private final List<Receiver> receivers = new ArrayList<>();
  private boolean everyLatency;

  /// @param tags what each of them wants
  /// @param encrypted whether their links are
  FrameReceivers(ClientLoop loop, Address router, List<long[]> tags, boolean encrypted) {
    for (int i = 0; i < tags.size(); i++) {
      long number = 100L + i;
      Optional<EncryptedLinks> links =
          encrypted ? Optional.of(EncryptedLinks.of(number, NodeKind.CLIENT)) : Optional.empty();
      receivers.add(new Receiver(number, router, loop, tags.get(i), links));
    }
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
  void measure(boolean every) {
    everyLatency = every;
    receivers.forEach(receiver -> receiver.times.clear());
  }

  FrameTimes times() {
    FrameTimes all = new FrameTimes();
    receivers.forEach(receiver -> all.add(receiver.times));
    return all;
  }

  private final class Receiver implements SocketMember.Counter {

    final SocketMember member;
    final FrameTimes times = new FrameTimes();
    long frames;
    long gaps;
    long lastFrameNanos;

    Receiver(
        long number, Address router, ClientLoop loop, long[] tags, Optional<EncryptedLinks> links) {
      NodeId id = links.map(EncryptedLinks::node).orElse(new NodeId(number));
      member =
          new SocketMember(
              Identity.of(id, NodeKind.CLIENT, Address.NONE, number), router, loop, this, links);
      member.start(tags);
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
