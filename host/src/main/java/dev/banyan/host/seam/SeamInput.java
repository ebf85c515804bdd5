package dev.banyan.host.seam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the other process says. For one thread.
public final class SeamInput<M extends SeamMessage> {

  private static final int LEAST_BYTES = 64 << 10;

  private final ReadableByteChannel channel;
  private final Class<M> side;
  private final SeamCodec codec = new SeamCodec();
  private ByteBuffer in = ByteBuffer.allocate(LEAST_BYTES);

  /// @param side what the other process may say
  public SeamInput(ReadableByteChannel channel, Class<M> side) {
    this.channel = channel;
    this.side = side;
  }

  /// Waits until something has come in, and takes all that is there whole: possibly nothing yet.
  ///
  /// @param into the messages are appended to it
  /// @return how many bytes came in; -1 if the other process has closed its end
  /// @throws MalformedSeamException when the other process says what cannot be; nothing may be read after that
  public int read(List<? super M> into) throws IOException, MalformedSeamException {
    int count = channel.read(in);
    if (count < 0) {
      return count;
    }
    in.flip();
    int needed = 0;
    while (in.remaining() >= Integer.BYTES) {
      int length = in.getInt(in.position());
      if (length < 1 || length > SeamCodec.MAX_BYTES) {
        throw new MalformedSeamException(
            "a message has 1 to " + SeamCodec.MAX_BYTES + " bytes, not " + length);
      }
      if (in.remaining() - Integer.BYTES < length) {
        needed = Integer.BYTES + length;
        break;
      }
      int from = in.position() + Integer.BYTES;
      // Of its own: multicasts stand in it for as long as anybody has them.
      byte[] message = Arrays.copyOfRange(in.array(), from, from + length);
      in.position(from + length);
      @Nullable M read = codec.read(ByteBuffer.wrap(message), side);
      if (read != null) {
        into.add(read);
      }
    }
    makeRoom(needed);
    return count;
  }

  private void makeRoom(int needed) {
    if (needed > in.capacity() || !in.hasRemaining() && in.capacity() > LEAST_BYTES) {
      // Twice what has come at the most: who only claims a length is given no room for it.
      int capacity =
          needed == 0 ? LEAST_BYTES : Math.min(needed, Math.max(2 * in.capacity(), LEAST_BYTES));
      in = ByteBuffer.allocate(capacity).put(in);
    } else {
      in.compact();
    }
  }
}
