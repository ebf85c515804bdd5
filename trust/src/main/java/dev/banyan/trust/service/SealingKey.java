package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/// A key that somebody makes to be sent a secret once: HPKE (RFC 9180), base mode, with X-Wing (X25519 and ML-KEM-768, so that what is recorded today
/// stays secret when one of them is broken), HKDF-SHA-256 and AES-256-GCM. Secret.
public final class SealingKey {

  public static final int SEED_BYTES = 32;

  /// What a secret becomes longer by: what X-Wing sends, and the cipher's tag.
  public static final int OVERHEAD_BYTES = 1_120 + 16;

  private static final int ENCAPSULATION_BYTES = 1_120;
  private static final int RANDOM_BYTES = 64;

  private final AsymmetricCipherKeyPair pair;

  private SealingKey(AsymmetricCipherKeyPair pair) {
    this.pair = pair;
  }

  private static HPKE suite() {
    return new HPKE(HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  /// @param seed [#SEED_BYTES] fresh random bytes
  public static SealingKey of(byte[] seed) {
    return new SealingKey(suite().deriveKeyPair(seed));
  }

  /// [Admission#SEALING_KEY_BYTES] bytes.
  public byte[] publicKey() {
    return suite().serializePublicKey(pair.getPublic());
  }

  /// Seals a secret to whoever holds the key.
  ///
  /// @param random fills an array with fresh random bytes
  /// @param info what this is for
  /// @param associated what must be the same at the other end
  /// @throws CapsuleException when that is no key
  static byte[] seal(
      Randomness random, byte[] publicKey, byte[] info, byte[] associated, byte[] secret)
      throws CapsuleException {
    HPKE suite = suite();
    try {
      AsymmetricKeyParameter key = suite.deserializePublicKey(publicKey);
      HPKEContextWithEncapsulation context =
          suite.setupBaseS(key, info, random.bytes(RANDOM_BYTES));
      byte[] encapsulation = context.getEncapsulation();
      byte[] text = context.seal(associated, secret);
      byte[] out = new byte[encapsulation.length + text.length];
      System.arraycopy(encapsulation, 0, out, 0, encapsulation.length);
      System.arraycopy(text, 0, out, encapsulation.length, text.length);
      return out;
    } catch (InvalidCipherTextException | RuntimeException e) {
      throw new CapsuleException(
          Fault.MALFORMED, "a request with a key that nothing can be sealed to");
    }
  }

  /// @throws CapsuleException when it was not sealed to this key, or for something else
  byte[] open(byte[] sealed, byte[] info, byte[] associated) throws CapsuleException {
    if (sealed.length <= OVERHEAD_BYTES) {
      throw new CapsuleException(Fault.MALFORMED, "a release that is cut short");
    }
    byte[] encapsulation = Arrays.copyOf(sealed, ENCAPSULATION_BYTES);
    byte[] text = Arrays.copyOfRange(sealed, ENCAPSULATION_BYTES, sealed.length);
    try {
      return suite().setupBaseR(encapsulation, pair, info).open(associated, text);
    } catch (InvalidCipherTextException | RuntimeException e) {
      throw new CapsuleException(Fault.FORGED, "a release that was not sealed to who asked for it");
    }
  }

  @Override
  public String toString() {
    return "SealingKey[]";
  }
}
