package dev.banyan.sim;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.util.Arrays;

/// The bytes of the real codec. Every receiver decodes for itself.
final class WireFrames implements FrameCodec {

  private final Codec codec = new Codec();

  @Override
  public Object encode(Message message) {
    return codec.encode(message);
  }

  @Override
  public Object encodeForward(Multicast multicast) {
    return codec.encode(multicast, multicast.hops() + 1);
  }

  @Override
  public Message decode(Object frame) {
    try {
      return codec.decode((byte[]) frame);
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("a node sent what no node can read", e);
    }
  }

  @Override
  public int sizeBytes(Object frame) {
    return ((byte[]) frame).length;
  }

  @Override
  public int fingerprint(Object frame) {
    return Arrays.hashCode((byte[]) frame);
  }
}
