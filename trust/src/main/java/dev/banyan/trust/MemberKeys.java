package dev.banyan.trust;

import dev.banyan.capsule.Crypto;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What all members of a group have, and routers have not. Secret; never printed.
///
/// @param tagKey 16 random bytes, with which names become tags; not copied
/// @param secret 32 random bytes, the secret of epoch 0, with which records are sealed; not copied
@SuppressWarnings("ArrayRecordComponent")
public record MemberKeys(byte[] tagKey, byte[] secret) {

  public static final int TAG_KEY_BYTES = 16;
  public static final int BYTES = TAG_KEY_BYTES + Crypto.KEY_BYTES;

  public MemberKeys {
    if (tagKey.length != TAG_KEY_BYTES || secret.length != Crypto.KEY_BYTES) {
      throw new IllegalArgumentException("a tag key has 16 bytes, and a secret 32");
    }
  }

  /// @param bytes 48, the tag key first: from a file, or random
  public static MemberKeys of(byte[] bytes) {
    return new MemberKeys(
        Arrays.copyOf(bytes, TAG_KEY_BYTES),
        Arrays.copyOfRange(bytes, TAG_KEY_BYTES, bytes.length));
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).put(tagKey).put(secret).array();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemberKeys keys
        && Arrays.equals(tagKey, keys.tagKey)
        && Arrays.equals(secret, keys.secret);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tagKey);
  }

  @Override
  public String toString() {
    return "MemberKeys[]";
  }
}
