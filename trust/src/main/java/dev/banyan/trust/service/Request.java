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
import dev.banyan.trust.attestation.Evidence;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// What the key service is asked, once on each link. 1 byte says what, the rest is:
///
/// 1, to be admitted: an [Admission], and behind it [Evidence] or nothing.
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
/// | 1 | 1 if the newest [Standing] follows that it was told, 2 if its process ends now, and another may show its identity at once, 3 for both |
/// | 0 or 121 | that standing |
/// | 16 | its [Life] |
/// | so many | [HeadReport] |
/// | 2, so many | length of its [Evidence], and that; length 0 for none |
/// | 64 | signature of "banyan/renewal/1" ‖ all of the above, with the certificate's key |
///
/// 3, the operator's, to begin a new epoch: 1 byte version: 1; group, 16; nonce, 32; signature of "banyan/rotate/1" ‖ all of that, by the operator.
sealed interface Request {

  /// With the longest report and [Evidence].
  int MAX_BYTES = 1 << 16;

  int VERSION = 1;

  int TOLD = 1;
  int ENDS = 2;

  record Join(Admission admission, Optional<byte[]> evidence) implements Request {}

  @SuppressWarnings("ArrayRecordComponent")
  record Renewal(
      Certificate certificate,
      byte[] nonce,
      byte[] sealingKey,
      int knownEpoch,
      Optional<byte[]> standing,
      boolean ends,
      Life life,
      HeadReport report,
      Optional<byte[]> evidence)
      implements Request {}

  @SuppressWarnings("ArrayRecordComponent")
  record Rotation(byte[] group, byte[] nonce) implements Request {}

  private static byte[] framed(int what, byte[] rest) {
    return ByteBuffer.allocate(1 + rest.length).put((byte) what).put(rest).array();
  }

  static byte[] join(byte[] admission, Optional<byte[]> evidence) {
    return framed(1, joined(admission, evidence.orElse(new byte[0])));
  }

  static byte[] renewal(Crypto crypto, Renewal renewal, SigningKey key) {
    byte[] standing = renewal.standing.orElse(new byte[0]);
    byte[] report = renewal.report.bytes();
    byte[] evidence = renewal.evidence.orElse(new byte[0]);
    byte[] message =
        ByteBuffer.allocate(
                1
                    + Certificate.BYTES
                    + Admission.NONCE_BYTES
                    + Admission.SEALING_KEY_BYTES
                    + 4
                    + 1
                    + standing.length
                    + Life.BYTES
                    + report.length
                    + 2
                    + evidence.length)
            .put((byte) VERSION)
            .put(renewal.certificate.encoded())
            .put(renewal.nonce)
            .put(renewal.sealingKey)
            .putInt(renewal.knownEpoch)
            .put((byte) ((standing.length > 0 ? TOLD : 0) | (renewal.ends ? ENDS : 0)))
            .put(standing)
            .putLong(renewal.life.high())
            .putLong(renewal.life.low())
            .put(report)
            .putShort((short) evidence.length)
            .put(evidence)
            .array();
    return framed(2, joined(message, Purpose.RENEWAL.sign(crypto, key, message)));
  }

  static byte[] rotation(Crypto crypto, Rotation rotation, SigningKey operator) {
    byte[] message =
        ByteBuffer.allocate(1 + CapsuleGroup.ID_BYTES + Admission.NONCE_BYTES)
            .put((byte) VERSION)
            .put(rotation.group)
            .put(rotation.nonce)
            .array();
    return framed(3, joined(message, Purpose.ROTATE.sign(crypto, operator, message)));
  }

  private static byte[] joined(byte[] message, byte[] more) {
    return ByteBuffer.allocate(message.length + more.length).put(message).put(more).array();
  }

  /// @param operator the operator's public key
  /// @throws CapsuleException for bytes that are none, or not signed by whom they should be. Whether a member's certificate counts must still be checked
  static Request read(Crypto crypto, byte[] bytes, byte[] operator) throws CapsuleException {
    if (bytes.length < 2) {
      throw new CapsuleException(Fault.MALFORMED, "a request that is empty");
    }
    byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
    return switch (bytes[0]) {
      case 1 -> readJoin(crypto, rest);
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
    int flags = in.unsignedByte();
    if ((flags & ~(TOLD | ENDS)) != 0) {
      throw in.malformed("says what this program does not know");
    }
    Optional<byte[]> standing =
        (flags & TOLD) != 0 ? Optional.of(in.take(Standing.BYTES)) : Optional.empty();
    Life life = Life.read(in);
    HeadReport report = HeadReport.read(in);
    byte[] evidence = in.take(in.unsignedShort());
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (!Purpose.RENEWAL.signedBy(crypto, certificate.publicKey(), bytes)) {
      throw new CapsuleException(
          Fault.FORGED, "a request that was not signed by the member whose certificate is in it");
    }
    return new Renewal(
        certificate,
        nonce,
        sealingKey,
        epoch,
        standing,
        (flags & ENDS) != 0,
        life,
        report,
        some(evidence));
  }

  private static Join readJoin(Crypto crypto, byte[] bytes) throws CapsuleException {
    int length = Math.min(bytes.length, Admission.BYTES);
    byte[] evidence = Arrays.copyOfRange(bytes, length, bytes.length);
    if (evidence.length > 0) {
      Evidence.read(evidence);
    }
    return new Join(Admission.read(crypto, Arrays.copyOf(bytes, length)), some(evidence));
  }

  private static Optional<byte[]> some(byte[] evidence) {
    return evidence.length == 0 ? Optional.empty() : Optional.of(evidence);
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
