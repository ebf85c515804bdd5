package dev.banyan.capsule;

import java.nio.ByteBuffer;

/// From a public key to the id of the node that holds it: the first 8 bytes of SHA-256("banyan/id/1" ‖ key). Whoever wants
/// the id of another node must find a key with that hash: 2^64 tries, so two certificates with one id are refused.
public final class MemberId {

  private MemberId() {}

  public static long of(Crypto crypto, byte[] publicKey) {
    byte[] hash = Label.ID.hashInto(crypto.sha256()).update(publicKey).finish();
    return ByteBuffer.wrap(hash).getLong();
  }
}
