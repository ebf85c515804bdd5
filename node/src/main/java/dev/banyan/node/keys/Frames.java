package dev.banyan.node.keys;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Messages on a link to a key service: a length, 4 bytes, and as many.
final class Frames {

  private Frames() {}

  /// @throws IOException for one that is longer than that, before room is made for it
  static byte[] read(InputStream stream, int mostBytes) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int length = in.readInt();
    if (length < 1 || length > mostBytes) {
      throw new IOException("a message of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the link was closed within a message");
    }
    return bytes;
  }

  static void write(OutputStream out, byte[] bytes) throws IOException {
    out.write(
        ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes).array());
    out.flush();
  }
}
