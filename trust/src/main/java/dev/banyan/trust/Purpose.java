package dev.banyan.trust;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import java.nio.charset.StandardCharsets;

/// What a signature or a hash is for: its name stands before what is signed or hashed, so that nothing passes for something else.
public enum Purpose {
  GROUP("banyan/group/1"),
  REVOCATIONS("banyan/revocations/1"),
  GRANT("banyan/grant/1"),
  ADMISSION("banyan/admission/1"),
  OPERATOR("banyan/operator/1"),
  MEMBER_KEYS("banyan/member-keys/1"),
  TOKEN_SECRET("banyan/token-secret/1"),
  EVIDENCE("banyan/evidence/1"),
  TYPING("banyan/typing/1"),
  RENEWAL("banyan/renewal/1"),
  ROTATE("banyan/rotate/1"),
  ROSTER("banyan/roster/1"),
  STANDING("banyan/standing/1"),
  JOURNAL("banyan/journal/1"),
  RELEASE("banyan/release/1"),
  QUOTE("banyan/quote/1"),
  SIMULATED_QUOTE("banyan/simulated-quote/1"),
  MEASURED_FOLDER("banyan/measured-folder/1"),
  MEASUREMENT("banyan/measurement/1");

  private final byte[] name;

  Purpose(String name) {
    this.name = name.getBytes(StandardCharsets.US_ASCII);
  }

  /// The name itself.
  public byte[] bytes() {
    return name.clone();
  }

  public byte[] hash(Crypto crypto, byte[]... parts) {
    Crypto.Hasher hasher = crypto.sha256().update(name);
    for (byte[] part : parts) {
      hasher.update(part);
    }
    return hasher.finish();
  }

  public byte[] sign(Crypto crypto, SigningKey key, byte[] message) {
    return crypto.sign(key, named(message));
  }

  /// @param bytes a message, and behind it the signature
  public boolean signedBy(Crypto crypto, byte[] publicKey, byte[] bytes) {
    int length = bytes.length - Crypto.SIGNATURE_BYTES;
    byte[] message = new byte[length];
    byte[] signature = new byte[Crypto.SIGNATURE_BYTES];
    System.arraycopy(bytes, 0, message, 0, length);
    System.arraycopy(bytes, length, signature, 0, signature.length);
    return crypto.verifies(publicKey, named(message), signature);
  }

  private byte[] named(byte[] message) {
    byte[] named = new byte[name.length + message.length];
    System.arraycopy(name, 0, named, 0, name.length);
    System.arraycopy(message, 0, named, name.length, message.length);
    return named;
  }
}
