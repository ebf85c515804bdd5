package dev.banyan.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads Protobuf's primitives in place, from any buffer at absolute positions, without garbage. Every method checks
/// against `end` before it reads.
final class Scan {

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;
  static final int FIXED32 = 5;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_VARINT_BYTES = 10;

  private Scan() {}

  static long fixed64(ByteBuffer in, int at) {
    return (long) LONGS.get(in, at);
  }

  /// A length and where its content begins, as `(length << 32) | position`; the content is within `end`.
  static long length(ByteBuffer in, int at, int end) throws MalformedFrameException {
    int position = at;
    int value = 0;
    for (int shift = 0; position < end && shift < 32; shift += 7) {
      byte b = in.get(position++);
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        if (value < 0 || value > end - position || (shift == 28 && b > 7)) {
          throw new MalformedFrameException("a field is longer than what it is in");
        }
        return (long) value << 32 | position;
      }
    }
    throw new MalformedFrameException("a length is cut off or too large");
  }

  static int value(long lengthAndPosition) {
    return (int) (lengthAndPosition >>> 32);
  }

  static int position(long lengthAndPosition) {
    return (int) lengthAndPosition;
  }

  /// The position behind the varint.
  static int skipVarint(ByteBuffer in, int at, int end) throws MalformedFrameException {
    int limit = Math.min(end, at + MAX_VARINT_BYTES);
    for (int position = at; position < limit; position++) {
      if (in.get(position) >= 0) {
        return position + 1;
      }
    }
    throw new MalformedFrameException("a number is cut off or too long");
  }

  /// The varint at a position where [#skipVarint] found one.
  static long varint(ByteBuffer in, int at) {
    long value = 0;
    int position = at;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get(position++);
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /// How many varints fill the range exactly.
  static int countVarints(ByteBuffer in, int at, int end) throws MalformedFrameException {
    int count = 0;
    for (int position = at; position < end; count++) {
      position = skipVarint(in, position, end);
    }
    return count;
  }

  /// The number of the field whose key is here.
  static int fieldNumber(ByteBuffer in, int at, int end) throws MalformedFrameException {
    return (int) (key(in, at, end) >>> 3);
  }

  static int wireType(ByteBuffer in, int at, int end) throws MalformedFrameException {
    return (int) key(in, at, end) & 7;
  }

  /// The position behind the field whose key is here, whatever it is.
  static int skipField(ByteBuffer in, int at, int end) throws MalformedFrameException {
    int type = wireType(in, at, end);
    int content = skipVarint(in, at, end);
    return switch (type) {
      case VARINT -> skipVarint(in, content, end);
      case FIXED64 -> skip(content, Long.BYTES, end);
      case FIXED32 -> skip(content, Integer.BYTES, end);
      case LENGTH_DELIMITED -> {
        long length = length(in, content, end);
        yield position(length) + value(length);
      }
      default -> throw new MalformedFrameException("wire type " + type + " is not taken");
    };
  }

  static int skip(int at, int bytes, int end) throws MalformedFrameException {
    if (bytes > end - at) {
      throw new MalformedFrameException("a field is cut off");
    }
    return at + bytes;
  }

  private static long key(ByteBuffer in, int at, int end) throws MalformedFrameException {
    skipVarint(in, at, end);
    long key = varint(in, at);
    if (key >>> 3 == 0 || key >>> 32 != 0) {
      throw new MalformedFrameException("no field has the key " + key);
    }
    return key;
  }
}
