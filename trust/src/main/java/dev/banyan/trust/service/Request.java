package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.Admission;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.Purpose;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// What the key service is asked, once on each link. 1 byte says what, the rest is:
///
/// 1, to be admitted: an [Admission].
///
/// 2, a member's, for newer secrets:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 170 | the member's certificate |
/// | 32 | the nonce of the [Hello] |
/// | 1,216 | X-Wing public key |
/// | 4 | the newest epoch that the member knows of |
/// | 0 or 121 | the newest [Standing] that it was told, if it was told any |
/// | 64 | signature of "banyan/renewal/1" ‖ all of the above, with the certificate's key |
///
/// 3, the operator's, to begin a new epoch: 1 byte version: 1; group, 16; nonce, 32; signature of "banyan/rotate/1" ‖ all of that, by the operator.
sealed interface Request {

  /// An admission without evidence has 1,386 bytes.
  int MAX_BYTES = 1 << 12;

  int VERSION = 1;

  record Join(Admission admission) implements Request {}

  @SuppressWarnings("ArrayRecordComponent")
  record Renewal(
      Certificate certificate,
      byte[] nonce,
      byte[] sealingKey,
      int knownEpoch,
      Optional<byte[]> standing)
      implements Request {}

  @SuppressWarnings("ArrayRecordComponent")
  record Rotation(byte[] group, byte[] nonce) implements Request {}

  private static byte[] framed(int what, byte[] rest) {
    return ByteBuffer.allocate(1 + rest.length).put((byte) what).put(rest).array();
  }

  static byte[] join(byte[] admission) {
    return framed(1, admission);
  }

  static byte[] renewal(Crypto crypto, Renewal renewal, SigningKey key) {
    byte[] standing = renewal.standing.orElse(new byte[0]);
    byte[] message =
        ByteBuffer.allocate(
                1
                    + Certificate.BYTES
                    + Admission.NONCE_BYTES
                    + Admission.SEALING_KEY_BYTES
                    + 4
                    + standing.length)
            .put((byte) VERSION)
            .put(renewal.certificate.encoded())
            .put(renewal.nonce)
            .put(renewal.sealingKey)
            .putInt(renewal.knownEpoch)
            .put(standing)
            .array();
    return framed(2, signed(message, Purpose.RENEWAL.sign(crypto, key, message)));
  }

  static byte[] rotation(Crypto crypto, Rotation rotation, SigningKey operator) {
    byte[] message =
        ByteBuffer.allocate(1 + CapsuleGroup.ID_BYTES + Admission.NONCE_BYTES)
            .put((byte) VERSION)
            .put(rotation.group)
            .put(rotation.nonce)
            .array();
    return framed(3, signed(message, Purpose.ROTATE.sign(crypto, operator, message)));
  }

  private static byte[] signed(byte[] message, byte[] signature) {
    return ByteBuffer.allocate(message.length + signature.length)
        .put(message)
        .put(signature)
        .array();
  }

  /// @param operator the operator's public key
  /// @throws CapsuleException for bytes that are none, or not signed by whom they should be. Whether a member's certificate counts must still be checked
  static Request read(Crypto crypto, byte[] bytes, byte[] operator) throws CapsuleException {
    if (bytes.length < 2) {
      throw new CapsuleException(Fault.MALFORMED, "a request that is empty");
    }
    byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
    return switch (bytes[0]) {
      case 1 -> new Join(Admission.read(crypto, rest));
      case 2 -> readRenewal(crypto, rest);
      case 3 -> readRotation(crypto, rest, operator);
      default ->
          throw new CapsuleException(
              Fault.MALFORMED,
              "a request of kind " + bytes[0] + ", which this program does not know");
    };
  }

  private static Renewal readRenewal(Crypto crypto, byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "a member's request", VERSION);
    Certificate certificate = Certificate.parse(in.take(Certificate.BYTES));
    byte[] nonce = in.take(Admission.NONCE_BYTES);
    byte[] sealingKey = in.take(Admission.SEALING_KEY_BYTES);
    int epoch = in.natural();
    boolean told = in.remaining() > Crypto.SIGNATURE_BYTES;
    Optional<byte[]> standing = told ? Optional.of(in.take(Standing.BYTES)) : Optional.empty();
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (!Purpose.RENEWAL.signedBy(crypto, certificate.publicKey(), bytes)) {
      throw new CapsuleException(
          Fault.FORGED, "a request that was not signed by the member whose certificate is in it");
    }
    return new Renewal(certificate, nonce, sealingKey, epoch, standing);
  }

  private static Rotation readRotation(Crypto crypto, byte[] bytes, byte[] operator)
      throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "an order to rotate", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    byte[] nonce = in.take(Admission.NONCE_BYTES);
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (!Purpose.ROTATE.signedBy(crypto, operator, bytes)) {
      throw new CapsuleException(
          Fault.FORGED, "an order to rotate that the operator has not signed");
    }
    return new Rotation(group, nonce);
  }
}
