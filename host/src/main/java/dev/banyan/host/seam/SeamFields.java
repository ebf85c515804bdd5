package dev.banyan.host.seam;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.wire.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The fields that messages of the seam are made of, written one after another; [SeamReader] reads them. Numbers are
/// big-endian; what varies in length has its length before it, four bytes.
final class SeamFields {

  private static final int LEAST_BYTES = 1 << 12;

  private final Codec codec = new Codec();
  private byte[] bytes = new byte[LEAST_BYTES];
  private int size;

  int size() {
    return size;
  }

  /// All of it, to be written somewhere: it is empty afterwards, and the array is the reader's until [#giveBack].
  ByteBuffer take() {
    ByteBuffer taken = ByteBuffer.wrap(bytes, 0, size);
    bytes = new byte[LEAST_BYTES];
    size = 0;
    return taken;
  }

  /// Takes an array back that was written, to fill it again, unless it is large.
  void giveBack(ByteBuffer written, int mostBytes) {
    if (size == 0 && written.capacity() > bytes.length && written.capacity() <= mostBytes) {
      bytes = written.array();
    }
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
    }
  }

  /// Where a length will stand.
  int beginLength() {
    number(0);
    return size;
  }

  void endLength(int begun) {
    ByteBuffer.wrap(bytes).putInt(begun - Integer.BYTES, size - begun);
  }

  /// Goes back to there: what follows was never written.
  void cutTo(int earlier) {
    size = earlier;
  }

  void small(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void flag(boolean value) {
    small(value ? 1 : 0);
  }

  void number(int value) {
    room(Integer.BYTES);
    ByteBuffer.wrap(bytes).putInt(size, value);
    size += Integer.BYTES;
  }

  void longNumber(long value) {
    room(Long.BYTES);
    ByteBuffer.wrap(bytes).putLong(size, value);
    size += Long.BYTES;
  }

  void longNumbers(long[] values) {
    number(values.length);
    for (long value : values) {
      longNumber(value);
    }
  }

  void real(double value) {
    longNumber(Double.doubleToLongBits(value));
  }

  void content(byte[] content) {
    number(content.length);
    raw(content);
  }

  void content(Bytes content) {
    content(content.shared());
  }

  void text(String text) {
    content(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A frame as it goes over links: it has its own length.
  void frame(Message message) {
    raw(codec.encode(message));
  }

  private void raw(byte[] content) {
    room(content.length);
    System.arraycopy(content, 0, bytes, size, content.length);
    size += content.length;
  }

  <T> void optional(Optional<T> value, BiConsumer<SeamFields, T> write) {
    flag(value.isPresent());
    value.ifPresent(present -> write.accept(this, present));
  }
}
