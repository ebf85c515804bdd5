package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// Binds a node's key to a group, a kind and rights, signed by who admits nodes (170 bytes, big-endian):
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 8 | id, [MemberId] of the key |
/// | 32 | Ed25519 public key |
/// | 1 | [Kind] |
/// | 4 | rights: [#WRITES], of clients alone |
/// | 4 | the first epoch in which it counts |
/// | 8 | seconds since 1970 after which it does not |
/// | 32 | hash of the evidence it was given for: a quote, a token |
/// | 64 | Ed25519 signature of "banyan/cert/1" and the above |
///
/// What it says is believed once it is [Checked]. The arrays are not copied: read only.
@SuppressWarnings("ArrayRecordComponent")
public record Certificate(
    byte[] group,
    long id,
    byte[] publicKey,
    Kind kind,
    int rights,
    int fromEpoch,
    long expirySeconds,
    byte[] evidenceHash,
    byte[] signature) {

  public static final int VERSION = 1;
  public static final int BYTES = 170;
  private static final int SIGNED_BYTES = BYTES - Crypto.SIGNATURE_BYTES;

  /// Its owner may write.
  public static final int WRITES = 1;

  /// What its owner may be in the tree.
  public enum Kind {
    ROOT,
    ROUTER,
    CLIENT,

    /// No part of it: looks on.
    OBSERVER
  }

  /// A certificate that was found to be true. Nothing else makes one but [Certificate#check].
  public static final class Checked {
    private final Certificate certificate;

    private Checked(Certificate certificate) {
      this.certificate = certificate;
    }

    public Certificate certificate() {
      return certificate;
    }
  }

  public Certificate {
    if (group.length != CapsuleGroup.ID_BYTES
        || publicKey.length != Crypto.PUBLIC_KEY_BYTES
        || evidenceHash.length != Crypto.HASH_BYTES
        || signature.length != Crypto.SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "a certificate with parts of another length than they have");
    }
    if (rights != 0 && (rights != WRITES || kind != Kind.CLIENT)) {
      throw new IllegalArgumentException(
          "a certificate for a " + kind + " with the rights " + Integer.toHexString(rights));
    }
    if (fromEpoch < 0 || fromEpoch > GroupSecret.MAX_EPOCH || expirySeconds < 0) {
      throw new IllegalArgumentException(
          "a certificate from epoch " + fromEpoch + " until " + expirySeconds);
    }
  }

  /// Makes a certificate for whoever holds the key: that it is held must have been shown.
  ///
  /// @throws IllegalArgumentException when nobody can hold that key, or a node of this kind cannot have these rights
  public static Certificate issue(
      Crypto crypto,
      SigningKey issuer,
      byte[] group,
      byte[] publicKey,
      Kind kind,
      int rights,
      int fromEpoch,
      long expirySeconds,
      byte[] evidenceHash) {
    if (!crypto.isKey(publicKey)) {
      throw new IllegalArgumentException("32 bytes that are no Ed25519 public key");
    }
    Certificate unsigned =
        new Certificate(
            group,
            MemberId.of(crypto, publicKey),
            publicKey,
            kind,
            rights,
            fromEpoch,
            expirySeconds,
            evidenceHash,
            new byte[Crypto.SIGNATURE_BYTES]);
    return new Certificate(
        group,
        unsigned.id,
        publicKey,
        kind,
        rights,
        fromEpoch,
        expirySeconds,
        evidenceHash,
        crypto.sign(issuer, unsigned.signedBytes()));
  }

  /// @throws CapsuleException for bytes that no certificate is written as; whether it is true, [#check] says
  public static Certificate parse(byte[] bytes) throws CapsuleException {
    if (bytes.length != BYTES) {
      throw CapsuleException.malformed(
          "a certificate has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int version = in.get() & 0xff;
    if (version != VERSION) {
      throw CapsuleException.malformed("a certificate of version " + version);
    }
    byte[] group = take(in, CapsuleGroup.ID_BYTES);
    long id = in.getLong();
    byte[] key = take(in, Crypto.PUBLIC_KEY_BYTES);
    int kind = in.get() & 0xff;
    if (kind < 1 || kind > Kind.values().length) {
      throw CapsuleException.malformed("a certificate for a node of kind " + kind);
    }
    int rights = in.getInt();
    int fromEpoch = in.getInt();
    long expiry = in.getLong();
    byte[] evidence = take(in, Crypto.HASH_BYTES);
    byte[] signature = take(in, Crypto.SIGNATURE_BYTES);
    try {
      return new Certificate(
          group, id, key, Kind.values()[kind - 1], rights, fromEpoch, expiry, evidence, signature);
    } catch (IllegalArgumentException e) {
      throw CapsuleException.malformed(String.valueOf(e.getMessage()));
    }
  }

  public byte[] encoded() {
    return body(ByteBuffer.allocate(BYTES)).put(signature).array();
  }

  /// Checks that the issuer has signed it, for this group, for its own key, and that it counts at that time. Whether it was
  /// revoked since is not in it.
  ///
  /// @param epoch the one in which it should count
  /// @param seconds since 1970, when it should count: now for a link and for a batch that has just been written
  /// @throws CapsuleException with the first reason why not
  public Checked check(Crypto crypto, byte[] issuerKey, byte[] ofGroup, int epoch, long seconds)
      throws CapsuleException {
    if (!Arrays.equals(group, ofGroup)) {
      throw new CapsuleException(Fault.FOREIGN, "a certificate of another group");
    }
    if (id != MemberId.of(crypto, publicKey)) {
      throw new CapsuleException(Fault.FORGED, "a certificate whose id is not that of its key");
    }
    if (!crypto.verifies(issuerKey, signedBytes(), signature)) {
      throw new CapsuleException(Fault.FORGED, "a certificate that its issuer has not signed");
    }
    if (seconds > expirySeconds) {
      throw new CapsuleException(Fault.UNTIMELY, "a certificate that expired at " + expirySeconds);
    }
    if (epoch < fromEpoch) {
      throw new CapsuleException(
          Fault.UNTIMELY, "a certificate that begins with epoch " + fromEpoch);
    }
    return new Checked(this);
  }

  public boolean mayWrite() {
    return (rights & WRITES) != 0;
  }

  private byte[] signedBytes() {
    ByteBuffer out = ByteBuffer.allocate(Label.CERTIFICATE.size() + SIGNED_BYTES);
    return body(Label.CERTIFICATE.putInto(out)).array();
  }

  private ByteBuffer body(ByteBuffer out) {
    return out.put((byte) VERSION)
        .put(group)
        .putLong(id)
        .put(publicKey)
        .put((byte) (kind.ordinal() + 1))
        .putInt(rights)
        .putInt(fromEpoch)
        .putLong(expirySeconds)
        .put(evidenceHash);
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Certificate certificate
        && Arrays.equals(encoded(), certificate.encoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "Certificate[" + HexFormat.of().toHexDigits(id) + ", " + kind + "]";
  }
}
