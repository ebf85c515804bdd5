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

/// What the operator alone holds: the key that signs, and the keys of the group's members. In a file, under a passphrase or not:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 1 | 0 without a passphrase, 1 with one |
/// | 16 | group |
/// | 32 | the operator's public key |
/// | 4, 4, 1 | with a passphrase: memory of Argon2id in KiB, its passes, its lanes |
/// | 16 | with a passphrase: salt |
/// | 80 or 96 | the operator's secret key, 32 bytes, and the [MemberKeys], 48; with a passphrase sealed with AES-256-GCM under the key that Argon2id makes of it, the nonce 0 (the salt makes the key new each time), everything above as associated data |
public final class OperatorKey {

  static final int MAX_BYTES = 1 << 9;
  private static final int VERSION = 1;
  private static final int SECRET_BYTES = Crypto.KEY_BYTES + MemberKeys.BYTES;
  private static final byte[] NONCE = new byte[Crypto.NONCE_BYTES];

  private final byte[] group;
  private final byte[] seed;
  private final MemberKeys keys;
  private final SigningKey key;

  private OperatorKey(byte[] group, byte[] seed, MemberKeys keys) {
    this.group = group;
    this.seed = seed;
    this.keys = keys;
    this.key = JcaCrypto.signingKey(seed);
  }

  /// @param group 16 random bytes
  /// @param seed 32 random bytes, secret
  public static OperatorKey of(byte[] group, byte[] seed, MemberKeys keys) {
    if (group.length != CapsuleGroup.ID_BYTES) {
      throw new IllegalArgumentException("a group has 16 bytes");
    }
    return new OperatorKey(group.clone(), seed.clone(), keys);
  }

  /// Its file's content without a passphrase. Secret.
  public byte[] bytes() {
    return ByteBuffer.allocate(2 + group.length + Crypto.PUBLIC_KEY_BYTES + SECRET_BYTES)
        .put(head(false))
        .put(seed)
        .put(keys.bytes())
        .array();
  }

  /// Its file's content under a passphrase.
  ///
  /// @param salt 16 fresh random bytes
  public byte[] sealed(Crypto crypto, char[] passphrase, byte[] salt, Stretching stretching) {
    if (salt.length != Stretching.SALT_BYTES) {
      throw new IllegalArgumentException("a salt of " + salt.length + " bytes");
    }
    byte[] head = head(true);
    byte[] clear =
        ByteBuffer.allocate(head.length + 9 + salt.length)
            .put(head)
            .putInt(stretching.memoryKib())
            .putInt(stretching.iterations())
            .put((byte) stretching.lanes())
            .put(salt)
            .array();
    byte[] secret = ByteBuffer.allocate(SECRET_BYTES).put(seed).put(keys.bytes()).array();
    byte[] out = Arrays.copyOf(clear, clear.length + SECRET_BYTES + Crypto.SEAL_BYTES);
    crypto
        .aead(stretching.key(passphrase, salt))
        .seal(NONCE, Crypto.Slice.of(clear), Crypto.Slice.of(secret), out, clear.length);
    Arrays.fill(secret, (byte) 0);
    return out;
  }

  private byte[] head(boolean sealed) {
    return ByteBuffer.allocate(2 + group.length + Crypto.PUBLIC_KEY_BYTES)
        .put((byte) VERSION)
        .put((byte) (sealed ? 1 : 0))
        .put(group)
        .put(key.publicKey())
        .array();
  }

  /// Whether a file's content needs a passphrase to be read.
  ///
  /// @throws CapsuleException for bytes that are no operator's key
  public static boolean isSealed(byte[] bytes) throws CapsuleException {
    return isSealed(new FieldReader(bytes, MAX_BYTES, "an operator's key", VERSION));
  }

  private static boolean isSealed(FieldReader in) throws CapsuleException {
    int sealed = in.unsignedByte();
    if (sealed > 1) {
      throw in.malformed("is protected in a way that this program does not know");
    }
    return sealed == 1;
  }

  /// @param passphrase if it needs one
  /// @throws CapsuleException for bytes that are no operator's key, or are changed, or under another passphrase
  public static OperatorKey read(Crypto crypto, byte[] bytes, Optional<char[]> passphrase)
      throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "an operator's key", VERSION);
    boolean sealed = isSealed(in);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    byte[] publicKey = in.take(Crypto.PUBLIC_KEY_BYTES);
    byte[] secret = sealed ? unsealed(crypto, in, bytes, passphrase) : in.take(SECRET_BYTES);
    in.end();
    byte[] seed = Arrays.copyOf(secret, Crypto.KEY_BYTES);
    MemberKeys keys = MemberKeys.of(Arrays.copyOfRange(secret, Crypto.KEY_BYTES, SECRET_BYTES));
    OperatorKey key = new OperatorKey(group, seed, keys);
    if (!Arrays.equals(key.key.publicKey(), publicKey)) {
      throw new CapsuleException(
          Fault.FORGED, "an operator's key whose secret and public parts do not fit together");
    }
    return key;
  }

  private static byte[] unsealed(
      Crypto crypto, FieldReader in, byte[] bytes, Optional<char[]> passphrase)
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
      throw new CapsuleException(Fault.UNREADABLE, "an operator's key that needs its passphrase");
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

  public byte[] group() {
    return group.clone();
  }

  /// Secret: members have it, and routers do not.
  public MemberKeys keys() {
    return keys;
  }

  public SigningKey key() {
    return key;
  }

  @Override
  public String toString() {
    return "OperatorKey[of " + key + "]";
  }
}
