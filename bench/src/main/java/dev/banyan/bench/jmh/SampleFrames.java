package dev.banyan.bench.jmh;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.util.List;
import java.util.stream.LongStream;

/// Messages of the kind and size that benchmarks are about.
final class SampleFrames {

  static final long TAG = 0x1234_5678_9ABCL;

  /// With the rest of a record of one tag, 128 bytes on the wire.
  private static final int PAYLOAD_BYTES = 67;

  private SampleFrames() {}

  /// One record of one tag; its frame has 128 bytes.
  static Multicast multicast() {
    return multicast(1);
  }

  static Multicast multicast(int records) {
    return Multicast.of(
        LongStream.range(0, records)
            .mapToObj(i ->
                new Record(
                    new long[] {TAG},
                    new NodeId(0x5555_5555_5555L),
                    new Session(0x1111_1111_1111L, 0x2222_2222_2222L),
                    (1L << 28) + i + 1,
                    new long[] {(1L << 28) + i},
                    Bytes.wrap(new byte[PAYLOAD_BYTES])))
            .toList());
  }

  /// A parent's, eight levels down.
  static Message.Heartbeat heartbeat() {
    List<Message.PathEntry> path =
        LongStream.range(0, 8)
            .mapToObj(i -> new Message.PathEntry(new NodeId(0x1000_0000_0000L + i), i))
            .toList();
    return new Message.Heartbeat(
        true,
        1,
        17,
        0x77L << 50,
        0,
        new Message.Heartbeat.FromParent(
            path,
            64,
            true,
            false,
            Dialable.UNKNOWN,
            new Message.InterestLimits(1_000_000, 24),
            1_795_772_000_000L,
            0));
  }

  static Message.JoinRequest joinRequest() {
    Message.Hop hop = new Message.Hop(new NodeId(7), List.of(new NodeId(8), new NodeId(9)));
    return new Message.JoinRequest(
        new NodeId(1L << 60),
        NodeKind.ROUTER,
        new Address("192.0.2.17", 7070),
        3,
        false,
        12,
        2,
        List.of(hop, hop, hop),
        false,
        List.of());
  }
}
