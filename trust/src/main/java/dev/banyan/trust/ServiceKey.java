package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// What the key service alone holds: the key that it signs with, the group's tag key, and the secret of the last epoch that there can ever be, from which
/// those of all others come. In a file it has the form of a [LockedSecret].
public final class ServiceKey {

  /// One epoch a minute for 45 days, one a day for 179 years. All secrets from there down to the first are 65,536 hashes.
  public static final int LAST_EPOCH = 1 << 16;

  /// Of what is made at random.
  public static final int SEED_BYTES = LockedSecret.SECRET_BYTES;

  private static final LockedSecret FORM = new LockedSecret("a key service's key", 2);

  private final LockedSecret.Parts parts;

  private ServiceKey(LockedSecret.Parts parts) {
    this.parts = parts;
  }

  /// @param group 16 random bytes
  /// @param seed [#SEED_BYTES] random bytes, secret
  public static ServiceKey of(byte[] group, byte[] seed) {
    if (group.length != CapsuleGroup.ID_BYTES || seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("a group has 16 bytes, and a seed " + SEED_BYTES);
    }
    SigningKey key = JcaCrypto.signingKey(Arrays.copyOf(seed, Crypto.KEY_BYTES));
    return new ServiceKey(new LockedSecret.Parts(group.clone(), key, seed.clone()));
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
  /// @throws CapsuleException for bytes that are no key service's key
  public static boolean isSealed(byte[] bytes) throws CapsuleException {
    return FORM.isSealed(bytes);
  }

  /// @param passphrase if it needs one
  /// @throws CapsuleException for bytes that are no key service's key, or are changed, or under another passphrase
  public static ServiceKey read(Crypto crypto, byte[] bytes, Optional<char[]> passphrase)
      throws CapsuleException {
    return new ServiceKey(FORM.read(crypto, bytes, passphrase));
  }

  public byte[] group() {
    return parts.group().clone();
  }

  public SigningKey key() {
    return parts.key();
  }

  /// Secret: with it names become tags.
  public byte[] tagKey() {
    int at = Crypto.KEY_BYTES;
    return Arrays.copyOfRange(parts.secret(), at, at + MemberKeys.TAG_KEY_BYTES);
  }

  /// The secret of an epoch: as many hashes as epochs are still to come.
  public GroupSecret secret(Crypto crypto, int epoch) {
    int at = Crypto.KEY_BYTES + MemberKeys.TAG_KEY_BYTES;
    byte[] last = Arrays.copyOfRange(parts.secret(), at, LockedSecret.SECRET_BYTES);
    return new GroupSecret(LAST_EPOCH, last).at(crypto, epoch);
  }

  /// What members of the group are given when it is founded.
  public MemberKeys first(Crypto crypto) {
    ByteBuffer keys = ByteBuffer.allocate(MemberKeys.BYTES);
    return MemberKeys.of(keys.put(tagKey()).put(secret(crypto, 0).bytes()).array());
  }

  /// With which what it writes down is sealed.
  public byte[] journalKey(Crypto crypto) {
    return Purpose.JOURNAL.hash(crypto, parts.secret());
  }

  @Override
  public String toString() {
    return "ServiceKey[of " + key() + "]";
  }
}
