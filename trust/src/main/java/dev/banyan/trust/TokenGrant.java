package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What whoever admits nodes knows of a token, signed by the operator. It does not have the token's secret, but can tell it:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 8 | id of the token: random |
/// | 32 | hash of "banyan/token-secret/1" ‖ group ‖ id ‖ secret |
/// | 1 | kind of node that it admits: as in a certificate |
/// | 4 | rights that it gives: as in a certificate |
/// | 8 | seconds since 1970 after which it admits nobody |
/// | 64 | the operator's signature of "banyan/grant/1" ‖ all of the above |
///
/// Each object of this class has been found to be signed by the group's operator.
public final class TokenGrant {

  private static final int VERSION = 1;
  private static final int SIGNED_BYTES =
      1 + CapsuleGroup.ID_BYTES + 8 + Crypto.HASH_BYTES + 1 + 4 + 8;
  static final int BYTES = SIGNED_BYTES + Crypto.SIGNATURE_BYTES;

  private final byte[] bytes;
  private final byte[] group;
  private final long id;
  private final byte[] secretHash;
  private final Certificate.Kind kind;
  private final int rights;
  private final long expirySeconds;

  private TokenGrant(
      byte[] bytes,
      byte[] group,
      long id,
      byte[] secretHash,
      Certificate.Kind kind,
      int rights,
      long expirySeconds) {
    this.bytes = bytes;
    this.group = group;
    this.id = id;
    this.secretHash = secretHash;
    this.kind = kind;
    this.rights = rights;
    this.expirySeconds = expirySeconds;
  }

  /// Grants what whoever has the token may become.
  public static TokenGrant sign(
      Crypto crypto,
      SigningKey operator,
      Token token,
      Certificate.Kind kind,
      int rights,
      long expirySeconds) {
    byte[] hash = token.secretHash(crypto);
    byte[] message =
        ByteBuffer.allocate(SIGNED_BYTES)
            .put((byte) VERSION)
            .put(token.group())
            .putLong(token.id())
            .put(hash)
            .put((byte) (kind.ordinal() + 1))
            .putInt(rights)
            .putLong(expirySeconds)
            .array();
    byte[] signature = Purpose.GRANT.sign(crypto, operator, message);
    byte[] bytes = ByteBuffer.allocate(BYTES).put(message).put(signature).array();
    return new TokenGrant(bytes, token.group(), token.id(), hash, kind, rights, expirySeconds);
  }

  /// @throws CapsuleException for bytes that are no grant, or one of another group, or not of its operator
  public static TokenGrant read(Crypto crypto, byte[] bytes, GroupConfig config)
      throws CapsuleException {
    FieldReader in = new FieldReader(bytes, BYTES, "a token's grant", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    long id = in.id();
    byte[] hash = in.take(Crypto.HASH_BYTES);
    int kind = in.unsignedByte();
    int rights = in.natural();
    long expiry = in.seconds();
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (kind < 1 || kind > Certificate.Kind.values().length) {
      throw in.malformed("admits a node of kind " + kind);
    }
    if (!Arrays.equals(group, config.group())) {
      throw new CapsuleException(Fault.FOREIGN, "a token's grant of another group");
    }
    if (!Purpose.GRANT.signedBy(crypto, config.operator(), bytes)) {
      throw new CapsuleException(Fault.FORGED, "a token's grant that the operator has not signed");
    }
    Certificate.Kind admitted = Certificate.Kind.values()[kind - 1];
    return new TokenGrant(bytes.clone(), group, id, hash, admitted, rights, expiry);
  }

  /// What stands in a certificate that is given for this token, as the evidence.
  ///
  /// @param quoted what a platform has said of the joiner; empty for nothing
  public byte[] evidenceHash(Crypto crypto, byte[] quoted) {
    return Purpose.EVIDENCE.hash(crypto, bytes, quoted);
  }

  byte[] secretHash() {
    return secretHash;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public byte[] group() {
    return group.clone();
  }

  public long id() {
    return id;
  }

  public Certificate.Kind kind() {
    return kind;
  }

  public int rights() {
    return rights;
  }

  public long expirySeconds() {
    return expirySeconds;
  }
}
