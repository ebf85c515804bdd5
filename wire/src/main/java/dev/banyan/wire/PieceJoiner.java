package dev.banyan.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Puts the frame together that comes in pieces, for whoever reads a socket without haste. What it holds grows with what
/// comes in, up to the longest frame.
public final class PieceJoiner {

  private final Codec codec;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

  public PieceJoiner(Codec codec) {
    this.codec = codec;
  }

  /// Takes the next piece, its length field included.
  ///
  /// @return the frame if this was its last piece, else null
  public byte @Nullable [] add(byte[] piece) throws MalformedFrameException {
    frame.write(piece, Pieces.HEADER_BYTES, piece.length - Pieces.HEADER_BYTES);
    if (frame.size() < Integer.BYTES) {
      return null;
    }
    byte[] joined = frame.toByteArray();
    if (Pieces.isPiece(joined[0])) {
      throw new MalformedFrameException("a piece within a piece");
    }
    int size = codec.neededBytes(ByteBuffer.wrap(joined), 0);
    if (joined.length > size) {
      throw new MalformedFrameException("pieces hold more than their frame");
    }
    if (joined.length < size) {
      return null;
    }
    frame.reset();
    return joined;
  }
}
