package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// From a session's key to what one batch is sealed with: the key HKDF-Expand(session key, "batch" ‖ header), the record's index as
/// the nonce, and as associated data the index and the record's part in clear. The header names the key, and is bound by it: nobody
/// ever tries several.
final class BatchKey {

  private final byte[] nonce = new byte[Crypto.NONCE_BYTES];
  private final Crypto.Aead aead;
  private byte[] associated = new byte[64];

  /// @param batch its bytes, of which the header is the first part
  BatchKey(Crypto crypto, byte[] sessionKey, byte[] batch) {
    ByteBuffer info = ByteBuffer.allocate(Label.BATCH_KEY.size() + BatchHeader.BYTES);
    Label.BATCH_KEY.putInto(info).put(batch, 0, BatchHeader.BYTES);
    byte[] key = crypto.expand(sessionKey, info.array());
    aead = crypto.aead(key);
    Arrays.fill(key, (byte) 0);
  }

  void seal(int index, Crypto.Slice clear, byte[] text, byte[] out, int at) {
    aead.seal(nonce(index), associated(index, clear), Crypto.Slice.of(text), out, at);
  }

  /// @return false when this is not what was sealed
  boolean open(int index, Crypto.Slice clear, Crypto.Slice sealed, byte[] out) {
    return aead.open(nonce(index), associated(index, clear), sealed, out, 0);
  }

  private byte[] nonce(int index) {
    nonce[Crypto.NONCE_BYTES - 2] = (byte) (index >> 8);
    nonce[Crypto.NONCE_BYTES - 1] = (byte) index;
    return nonce;
  }

  private Crypto.Slice associated(int index, Crypto.Slice clear) {
    int length = 2 + clear.length();
    if (associated.length < length) {
      associated = new byte[length];
    }
    associated[0] = (byte) (index >> 8);
    associated[1] = (byte) index;
    System.arraycopy(clear.bytes(), clear.offset(), associated, 2, clear.length());
    return new Crypto.Slice(associated, 0, length);
  }
}
