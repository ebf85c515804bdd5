package dev.banyan.capsule;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;

/// The public key of a secret one, which the JDK gives out only when it makes both: so it is handed the secret as its
/// randomness.
final class Ed25519 {

  private Ed25519() {}

  static byte[] publicKey(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
    generator.initialize(255, new Fixed(seed));
    PublicKey key = generator.generateKeyPair().getPublic();
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(
        encoded, encoded.length - Crypto.PUBLIC_KEY_BYTES, encoded.length);
  }

  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial")
    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("the JDK wants " + bytes.length + " bytes for a key");
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }
}
