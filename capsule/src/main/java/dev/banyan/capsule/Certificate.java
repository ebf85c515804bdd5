package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Binds a node's key to a group, a kind and rights, signed by who admits nodes (170 bytes, big-endian):
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 8 | id, [MemberId] of the key |
/// | 32 | Ed25519 public key |
/// | 1 | [Kind] |
/// | 4 | rights, [#WRITES] and so on |
/// | 4 | the first epoch in which it counts |
/// | 8 | seconds since 1970 after which it does not |
/// | 32 | hash of the evidence it was given for: a quote, a token |
/// | 64 | Ed25519 signature of "banyan/cert/1" and the above |
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
    CLIENT
  }

  /// Makes a certificate for whoever holds the key.
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

  /// @throws MalformedCapsuleException for bytes that no certificate is written as; whether it is true, [#check] says
  public static Certificate parse(byte[] bytes) throws MalformedCapsuleException {
    if (bytes.length != BYTES) {
      throw new MalformedCapsuleException(
          "a certificate has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int version = in.get() & 0xff;
    if (version != VERSION) {
      throw new MalformedCapsuleException("a certificate of version " + version);
    }
    byte[] group = take(in, Group.ID_BYTES);
    long id = in.getLong();
    byte[] key = take(in, Crypto.PUBLIC_KEY_BYTES);
    int kind = in.get() & 0xff;
    if (kind < 1 || kind > Kind.values().length) {
      throw new MalformedCapsuleException("a certificate for a node of kind " + kind);
    }
    int rights = in.getInt();
    int fromEpoch = in.getInt();
    long expiry = in.getLong();
    if (fromEpoch < 0 || fromEpoch > GroupSecret.MAX_EPOCH || expiry < 0) {
      throw new MalformedCapsuleException(
          "a certificate from epoch " + fromEpoch + " until " + expiry);
    }
    return new Certificate(
        group,
        id,
        key,
        Kind.values()[kind - 1],
        rights,
        fromEpoch,
        expiry,
        take(in, Crypto.HASH_BYTES),
        take(in, Crypto.SIGNATURE_BYTES));
  }

  public byte[] encoded() {
    return body(ByteBuffer.allocate(BYTES)).put(signature).array();
  }

  /// Checks that the issuer has signed it, for this group, for its own key, and that it counts now.
  ///
  /// @throws MalformedCapsuleException with the first reason why not
  public void check(Crypto crypto, byte[] issuerKey, byte[] ofGroup, int epoch, long nowSeconds)
      throws MalformedCapsuleException {
    if (!Arrays.equals(group, ofGroup)) {
      throw new MalformedCapsuleException("a certificate of another group");
    }
    if (id != MemberId.of(crypto, publicKey)) {
      throw new MalformedCapsuleException("a certificate whose id is not that of its key");
    }
    if (!crypto.verifies(issuerKey, signedBytes(), signature)) {
      throw new MalformedCapsuleException("a certificate that the operator has not signed");
    }
    if (nowSeconds > expirySeconds) {
      throw new MalformedCapsuleException("a certificate that expired at " + expirySeconds);
    }
    if (epoch < fromEpoch) {
      throw new MalformedCapsuleException("a certificate that begins with epoch " + fromEpoch);
    }
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
}
