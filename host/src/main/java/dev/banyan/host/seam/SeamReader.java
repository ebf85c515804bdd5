package dev.banyan.host.seam;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what [SeamFields] has written, from somebody who may lie: counts are compared with what is there before anything is made for
/// them.
final class SeamReader {

  interface Read<T> {
    T read() throws MalformedSeamException;
  }

  private final Codec codec = new Codec();
  private final ByteBuffer in;

  /// @param in all of one message; nobody writes to it afterwards, as multicasts stand in it
  SeamReader(ByteBuffer in) {
    this.in = in;
  }

  private void require(long bytes, String what) throws MalformedSeamException {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new MalformedSeamException(
          what + " of " + bytes + " bytes where " + in.remaining() + " are left");
    }
  }

  void end() throws MalformedSeamException {
    if (in.hasRemaining()) {
      throw new MalformedSeamException("a message with " + in.remaining() + " bytes too many");
    }
  }

  boolean atEnd() {
    return !in.hasRemaining();
  }

  int small() throws MalformedSeamException {
    require(1, "a number");
    return in.get() & 0xff;
  }

  boolean flag() throws MalformedSeamException {
    int value = small();
    if (value > 1) {
      throw new MalformedSeamException("neither yes nor no, but " + value);
    }
    return value == 1;
  }

  int number() throws MalformedSeamException {
    require(Integer.BYTES, "a number");
    return in.getInt();
  }

  int natural(int most, String what) throws MalformedSeamException {
    int value = number();
    if (value < 0 || value > most) {
      throw new MalformedSeamException(what + ": 0 to " + most + ", not " + value);
    }
    return value;
  }

  long longNumber() throws MalformedSeamException {
    require(Long.BYTES, "a number");
    return in.getLong();
  }

  long natural(long most, String what) throws MalformedSeamException {
    long value = longNumber();
    if (value < 0 || value > most) {
      throw new MalformedSeamException(what + ": 0 to " + most + ", not " + value);
    }
    return value;
  }

  long[] longNumbers(int most, String what) throws MalformedSeamException {
    int count = natural(most, what);
    require((long) count * Long.BYTES, what);
    long[] values = new long[count];
    in.asLongBuffer().get(values);
    in.position(in.position() + count * Long.BYTES);
    return values;
  }

  double real() throws MalformedSeamException {
    return Double.longBitsToDouble(longNumber());
  }

  byte[] content(int most, String what) throws MalformedSeamException {
    int length = natural(most, what);
    require(length, what);
    byte[] content = new byte[length];
    in.get(content);
    return content;
  }

  Bytes bytes(int most, String what) throws MalformedSeamException {
    return Bytes.wrap(content(most, what));
  }

  String text(int most, String what) throws MalformedSeamException {
    return new String(content(most, what), StandardCharsets.UTF_8);
  }

  <E extends Enum<E>> E word(E[] values) throws MalformedSeamException {
    int index = small();
    if (index >= values.length) {
      throw new MalformedSeamException(
          "no " + values[0].getDeclaringClass().getSimpleName() + " " + index);
    }
    return values[index];
  }

  /// A frame as it goes over links, with this message in it.
  <M extends Message> M frame(Class<M> type) throws MalformedSeamException {
    try {
      int start = in.position();
      int size = codec.frameSize(in, start, in.limit());
      if (size == Codec.INCOMPLETE || in.getInt(start) < 0) {
        throw new MalformedSeamException("a frame that is not there whole");
      }
      in.position(start + size);
      return type.cast(codec.decode(in, start, start + size));
    } catch (MalformedFrameException | ClassCastException | IllegalArgumentException e) {
      throw new MalformedSeamException(
          "no " + type.getSimpleName() + ", as it goes over links: " + e.getMessage());
    }
  }

  <T> List<T> list(int most, String what, Read<T> each) throws MalformedSeamException {
    int count = natural(most, what);
    require(count, what);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(each.read());
    }
    return list;
  }

  <T> Optional<T> optional(Read<T> each) throws MalformedSeamException {
    return flag() ? Optional.of(each.read()) : Optional.empty();
  }
}
