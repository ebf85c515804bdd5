package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// The form that keys of a group's authorities have in files, under a passphrase or not:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 1 | whose: 0 the operator's without a passphrase, 1 with one, 2 the key service's without, 3 with one |
/// | 16 | group |
/// | 32 | public key |
/// | 4, 4, 1 | with a passphrase: memory of Argon2id in KiB, its passes, its lanes |
/// | 16 | with a passphrase: salt |
/// | 80 or 96 | secret key, 32 bytes, and 48 more; with a passphrase sealed with AES-256-GCM under the key that Argon2id makes of it, the nonce 0 (the salt makes the key new each time), everything above as associated data |
///
/// @param what with its article, for people
/// @param whose what the second byte is without a passphrase
record LockedSecret(String what, int whose) {

  static final int MAX_BYTES = 1 << 9;
  static final int SECRET_BYTES = Crypto.KEY_BYTES + MemberKeys.BYTES;
  private static final int VERSION = 1;
  private static final byte[] NONCE = new byte[Crypto.NONCE_BYTES];

  /// @param secret the secret key, and what is behind it
  @SuppressWarnings("ArrayRecordComponent")
  record Parts(byte[] group, SigningKey key, byte[] secret) {}

  byte[] bytes(Parts parts) {
    return ByteBuffer.allocate(2 + CapsuleGroup.ID_BYTES + Crypto.PUBLIC_KEY_BYTES + SECRET_BYTES)
        .put(head(parts, false))
        .put(parts.secret)
        .array();
  }

  /// @param salt 16 fresh random bytes
  byte[] sealed(Crypto crypto, Parts parts, char[] passphrase, byte[] salt, Stretching stretching) {
    if (salt.length != Stretching.SALT_BYTES) {
      throw new IllegalArgumentException("a salt of " + salt.length + " bytes");
    }
    byte[] head = head(parts, true);
    byte[] clear =
        ByteBuffer.allocate(head.length + 9 + salt.length)
            .put(head)
            .putInt(stretching.memoryKib())
            .putInt(stretching.iterations())
            .put((byte) stretching.lanes())
            .put(salt)
            .array();
    byte[] out = Arrays.copyOf(clear, clear.length + SECRET_BYTES + Crypto.SEAL_BYTES);
    crypto
        .aead(stretching.key(passphrase, salt))
        .seal(NONCE, Crypto.Slice.of(clear), Crypto.Slice.of(parts.secret), out, clear.length);
    return out;
  }

  private byte[] head(Parts parts, boolean sealed) {
    return ByteBuffer.allocate(2 + CapsuleGroup.ID_BYTES + Crypto.PUBLIC_KEY_BYTES)
        .put((byte) VERSION)
        .put((byte) (sealed ? whose + 1 : whose))
        .put(parts.group)
        .put(parts.key.publicKey())
        .array();
  }

  /// Whether a file's content needs a passphrase to be read.
  boolean isSealed(byte[] bytes) throws CapsuleException {
    return isSealed(new FieldReader(bytes, MAX_BYTES, what, VERSION));
  }

  private boolean isSealed(FieldReader in) throws CapsuleException {
    int found = in.unsignedByte();
    if (found != whose && found != whose + 1) {
      throw in.malformed("is protected in a way that this program does not know");
    }
    return found == whose + 1;
  }

  /// @param passphrase if it needs one
  /// @throws CapsuleException for bytes that are none, or are changed, or under another passphrase
  Parts read(Crypto crypto, byte[] bytes, Optional<char[]> passphrase) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, what, VERSION);
    boolean sealed = isSealed(in);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    byte[] publicKey = in.take(Crypto.PUBLIC_KEY_BYTES);
    byte[] secret = sealed ? unsealed(crypto, in, bytes, passphrase) : in.take(SECRET_BYTES);
    in.end();
    SigningKey key = JcaCrypto.signingKey(Arrays.copyOf(secret, Crypto.KEY_BYTES));
    if (!Arrays.equals(key.publicKey(), publicKey)) {
      throw new CapsuleException(
          Fault.FORGED, what + " whose secret and public parts do not fit together");
    }
    return new Parts(group, key, secret);
  }

  private byte[] unsealed(Crypto crypto, FieldReader in, byte[] bytes, Optional<char[]> passphrase)
      throws CapsuleException {
    int memory = in.natural();
    int passes = in.natural();
    int lanes = in.unsignedByte();
    byte[] salt = in.take(Stretching.SALT_BYTES);
    Stretching stretching;
    try {
      stretching = new Stretching(memory, passes, lanes);
    } catch (IllegalArgumentException e) {
      throw in.malformed("asks for too much: " + e.getMessage());
    }
    int clear = bytes.length - in.remaining();
    byte[] sealed = in.take(SECRET_BYTES + Crypto.SEAL_BYTES);
    in.end();
    if (passphrase.isEmpty()) {
      throw new CapsuleException(Fault.UNREADABLE, what + " that needs its passphrase");
    }
    byte[] secret = new byte[SECRET_BYTES];
    Crypto.Aead aead = crypto.aead(stretching.key(passphrase.get(), salt));
    Crypto.Slice associated = new Crypto.Slice(bytes, 0, clear);
    if (!aead.open(NONCE, associated, Crypto.Slice.of(sealed), secret, 0)) {
      throw new CapsuleException(
          Fault.FORGED, "this passphrase does not open it, or it is damaged");
    }
    return secret;
  }
}
