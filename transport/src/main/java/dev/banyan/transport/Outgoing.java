package dev.banyan.transport;

import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.wire.Codec;
import dev.banyan.wire.EncodedMulticast;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what one node sends into bytes on its links. A multicast that is being handled goes on as the bytes it came
/// in as; the frames a node makes itself are put side by side in the loop's [SendBuffer]. Either way the links gather
/// runs of frames, which end before their buffer is given back.
final class Outgoing {

  private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

  private final Codec codec;
  private final SendBuffer sendBuffer;
  private final LongObjectHashMap<Connection> links;

  /// Links with a run that has not ended.
  private final ArrayList<Connection> touched = new ArrayList<>();

  /// Where the last multicast went.
  private LinkId[] last = {};

  private LinkId[] resolvedFrom = {};
  private Connection[] resolved = {};

  private @Nullable Message current;
  private @Nullable ByteBuf currentBuffer;
  private int currentStart;
  private int currentEnd;

  Outgoing(Codec codec, SendBuffer sendBuffer, LongObjectHashMap<Connection> links) {
    this.codec = codec;
    this.sendBuffer = sendBuffer;
    this.links = links;
  }

  /// The message being handled, and where its frame stands.
  void begin(Message message, ByteBuf buffer, int start, int end) {
    current = message;
    currentBuffer = buffer;
    currentStart = start;
    currentEnd = end;
  }

  void end() {
    current = null;
    currentBuffer = null;
  }

  void send(Connection link, Message message) {
    byte[] frame;
    try {
      frame = codec.encode(message);
    } catch (IllegalArgumentException e) {
      LOG.error("cannot send on {}: {}", link.id, e.getMessage());
      link.cut("cannot send: " + e.getMessage());
      return;
    }
    ByteBuf buffer = append(frame);
    int end = buffer.writerIndex();
    if (link.send(message, buffer, end - frame.length, end)) {
      touched.add(link);
    }
  }

  /// @param to never changes once it was given
  void forward(LinkId[] to, Multicast multicast) {
    ByteBuf buffer = currentBuffer;
    int hops = Math.min(multicast.hops() + 1, Codec.MAX_HOPS);
    if (buffer != null && isCurrent(multicast)) {
      buffer.setByte(currentStart + Codec.HOPS_OFFSET, hops);
      forward(to, buffer, currentStart, currentEnd);
      return;
    }
    byte[] frame;
    try {
      frame = codec.encode(multicast, hops);
    } catch (IllegalArgumentException e) {
      LOG.error("cannot send a multicast: {}", e.getMessage());
      return;
    }
    ByteBuf own = append(frame);
    forward(to, own, own.writerIndex() - frame.length, own.writerIndex());
  }

  /// Hands over all that was gathered: before a buffer is given back, and at the end of every batch.
  void endRuns() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).endRun();
    }
    touched.clear();
  }

  /// A burst mostly goes one way, and then comes with the very same array of names: from the second on, these need not
  /// be looked up.
  @SuppressWarnings("ReferenceEquality") // arrays of effects never change
  private void forward(LinkId[] to, ByteBuf buffer, int start, int end) {
    if (to == resolvedFrom) {
      for (Connection link : resolved) {
        forward(link, buffer, start, end);
      }
      return;
    }
    if (to == last) {
      resolve(to);
    }
    last = to;
    for (LinkId id : to) {
      Connection link = links.get(id.value());
      if (link != null) {
        forward(link, buffer, start, end);
      }
    }
  }

  private void forward(Connection link, ByteBuf buffer, int start, int end) {
    if (link.forward(buffer, start, end)) {
      touched.add(link);
    }
  }

  private void resolve(LinkId[] to) {
    resolvedFrom = to;
    resolved =
        Arrays.stream(to)
            .map(id -> links.get(id.value()))
            .filter(Objects::nonNull)
            .toArray(Connection[]::new);
  }

  @SuppressWarnings("ReferenceEquality") // this very frame, not one like it
  private boolean isCurrent(Multicast multicast) {
    return multicast instanceof EncodedMulticast && multicast == current;
  }

  private ByteBuf append(byte[] frame) {
    if (!sendBuffer.hasRoomFor(frame.length)) {
      endRuns();
    }
    return sendBuffer.append(frame);
  }
}
