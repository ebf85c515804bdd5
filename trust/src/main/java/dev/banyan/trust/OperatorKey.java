package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// What the operator alone holds: the key that signs, and the [MemberKeys]. In a file it has the form of a [LockedSecret].
public final class OperatorKey {

  private static final LockedSecret FORM = new LockedSecret("an operator's key", 0);

  private final LockedSecret.Parts parts;
  private final MemberKeys keys;

  private OperatorKey(LockedSecret.Parts parts, MemberKeys keys) {
    this.parts = parts;
    this.keys = keys;
  }

  /// @param group 16 random bytes
  /// @param seed 32 random bytes, secret
  public static OperatorKey of(byte[] group, byte[] seed, MemberKeys keys) {
    if (group.length != CapsuleGroup.ID_BYTES) {
      throw new IllegalArgumentException("a group has 16 bytes");
    }
    byte[] secret =
        ByteBuffer.allocate(LockedSecret.SECRET_BYTES).put(seed).put(keys.bytes()).array();
    return new OperatorKey(
        new LockedSecret.Parts(group.clone(), JcaCrypto.signingKey(seed), secret), keys);
  }

  /// Its file's content without a passphrase. Secret.
  public byte[] bytes() {
    return FORM.bytes(parts);
  }

  /// Its file's content under a passphrase.
  ///
  /// @param salt 16 fresh random bytes
  public byte[] sealed(Crypto crypto, char[] passphrase, byte[] salt, Stretching stretching) {
    return FORM.sealed(crypto, parts, passphrase, salt, stretching);
  }

  /// Whether a file's content needs a passphrase to be read.
  ///
  /// @throws CapsuleException for bytes that are no operator's key
  public static boolean isSealed(byte[] bytes) throws CapsuleException {
    return FORM.isSealed(bytes);
  }

  /// @param passphrase if it needs one
  /// @throws CapsuleException for bytes that are no operator's key, or are changed, or under another passphrase
  public static OperatorKey read(Crypto crypto, byte[] bytes, Optional<char[]> passphrase)
      throws CapsuleException {
    LockedSecret.Parts parts = FORM.read(crypto, bytes, passphrase);
    byte[] keys = Arrays.copyOfRange(parts.secret(), Crypto.KEY_BYTES, LockedSecret.SECRET_BYTES);
    return new OperatorKey(parts, MemberKeys.of(keys));
  }

  public byte[] group() {
    return parts.group().clone();
  }

  /// Secret: members have it, and routers do not.
  public MemberKeys keys() {
    return keys;
  }

  public SigningKey key() {
    return parts.key();
  }

  @Override
  public String toString() {
    return "OperatorKey[of " + key() + "]";
  }
}
