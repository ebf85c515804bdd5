package dev.banyan.capsule;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;

/// What the JDK does not tell of Ed25519 keys (RFC 8032, section 5.1).
final class Ed25519 {

  private static final BigInteger ONE = BigInteger.ONE;

  /// The field: 2^255 - 19.
  private static final BigInteger P = ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  /// The curve: -x² + y² = 1 + d x² y², with d = -121665/121666.
  private static final BigInteger D =
      BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);

  /// Of two of the four points of order 8; of the others it is the negative.
  private static final BigInteger ORDER_8 =
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

  private Ed25519() {}

  /// Whether these 32 bytes are the one form of a point of the curve whose order is not 8 or less.
  static boolean isPublicKey(byte[] bytes) {
    byte[] big = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      big[i] = bytes[bytes.length - 1 - i];
    }
    big[0] &= 0x7f; // The highest bit is the sign of x.
    BigInteger y = new BigInteger(1, big);
    if (y.compareTo(P) >= 0 || isOfSmallOrder(y)) {
      return false;
    }
    BigInteger square = y.multiply(y).mod(P);
    BigInteger above = square.subtract(ONE);
    BigInteger below = D.multiply(square).add(ONE);
    // x² is their quotient, which is a square if and only if their product is.
    return above.multiply(below).modPow(P.shiftRight(1), P).equals(ONE);
  }

  private static boolean isOfSmallOrder(BigInteger y) {
    return y.signum() == 0
        || y.equals(ONE)
        || y.equals(P.subtract(ONE))
        || y.equals(ORDER_8)
        || y.equals(P.subtract(ORDER_8));
  }

  /// The public key of a secret one, which the JDK gives out only when it makes both: so it is handed the secret as its
  /// randomness.
  static byte[] publicKey(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
    generator.initialize(255, new Fixed(seed));
    PublicKey key = generator.generateKeyPair().getPublic();
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - Crypto.PUBLIC_KEY_BYTES, encoded.length);
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
