package dev.banyan.sim;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.util.List;

/// Hands the immutable message itself over, for scales at which encoding would be most of the work. Sizes are rough:
/// what limits bandwidth should travel as bytes.
final class SharedFrames implements FrameCodec {

  private static final int FIXED_BYTES = 64;

  @Override
  public Object encode(Message message) {
    return message;
  }

  @Override
  public Object encodeForward(Multicast multicast) {
    Multicast origin = multicast instanceof Forwarded forwarded ? forwarded.origin : multicast;
    return new Forwarded(origin, multicast.hops() + 1);
  }

  @Override
  public Message decode(Object frame) {
    return (Message) frame;
  }

  @Override
  public int sizeBytes(Object frame) {
    if (frame instanceof Multicast multicast) {
      int bytes = FIXED_BYTES;
      List<Record> records = multicast.records();
      for (int i = 0; i < records.size(); i++) {
        bytes += FIXED_BYTES + records.get(i).payload().size();
      }
      return bytes;
    }
    return FIXED_BYTES;
  }

  @Override
  public int fingerprint(Object frame) {
    return Trace.typeOf((Message) frame);
  }

  /// A multicast some hops further.
  private record Forwarded(Multicast origin, int hops) implements Multicast {
    @Override
    public int recordCount() {
      return origin.recordCount();
    }

    @Override
    public int tagCount(int record) {
      return origin.tagCount(record);
    }

    @Override
    public long tag(int record, int index) {
      return origin.tag(record, index);
    }

    @Override
    public List<Record> records() {
      return origin.records();
    }
  }
}
