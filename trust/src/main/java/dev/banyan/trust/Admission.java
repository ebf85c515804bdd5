package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/// What a joiner with a token says to whoever admits nodes, over a link on which the other end has shown a certificate of the
/// operator whose fingerprint is in the token. It has the token's secret, so it must not be said to anybody else:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 8 | id of the token |
/// | 16 | the token's secret |
/// | 32 | the joiner's public key, which it has just made |
/// | 32 | what the other end has said at the beginning of the link, random: nothing is taken twice |
/// | 1,216 | X-Wing public key, which secrets are to be sealed to |
/// | 64 | signature of "banyan/admission/1" ‖ all of the above with that key: the joiner holds it |
public final class Admission {

  public static final int NONCE_BYTES = 32;

  /// Of an X-Wing public key.
  public static final int SEALING_KEY_BYTES = 1_216;

  private static final int VERSION = 1;
  private static final int SIGNED_BYTES =
      1
          + CapsuleGroup.ID_BYTES
          + 8
          + Token.SECRET_BYTES
          + Crypto.PUBLIC_KEY_BYTES
          + NONCE_BYTES
          + SEALING_KEY_BYTES;
  public static final int BYTES = SIGNED_BYTES + Crypto.SIGNATURE_BYTES;

  private final byte[] group;
  private final long token;
  private final byte[] secret;
  private final byte[] publicKey;
  private final byte[] nonce;
  private final byte[] sealingKey;

  private Admission(
      byte[] group, long token, byte[] secret, byte[] publicKey, byte[] nonce, byte[] sealingKey) {
    this.group = group;
    this.token = token;
    this.secret = secret;
    this.publicKey = publicKey;
    this.nonce = nonce;
    this.sealingKey = sealingKey;
  }

  /// What the joiner sends.
  ///
  /// @param nonce what the other end has said
  /// @param sealingKey an X-Wing public key
  public static byte[] request(
      Crypto crypto, Token token, SigningKey joiner, byte[] nonce, byte[] sealingKey) {
    byte[] message =
        ByteBuffer.allocate(SIGNED_BYTES)
            .put((byte) VERSION)
            .put(token.group())
            .putLong(token.id())
            .put(token.secret())
            .put(joiner.publicKey())
            .put(nonce)
            .put(sealingKey)
            .array();
    byte[] signature = Purpose.ADMISSION.sign(crypto, joiner, message);
    return ByteBuffer.allocate(BYTES).put(message).put(signature).array();
  }

  /// @throws CapsuleException for bytes that are no such request, or not signed with the key that is in it
  public static Admission read(Crypto crypto, byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, BYTES, "an admission", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    long token = in.id();
    byte[] secret = in.take(Token.SECRET_BYTES);
    byte[] publicKey = in.take(Crypto.PUBLIC_KEY_BYTES);
    byte[] nonce = in.take(NONCE_BYTES);
    byte[] sealingKey = in.take(SEALING_KEY_BYTES);
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (!Purpose.ADMISSION.signedBy(crypto, publicKey, bytes)) {
      throw new CapsuleException(Fault.FORGED, "an admission of a node that does not hold its key");
    }
    return new Admission(group, token, secret, publicKey, nonce, sealingKey);
  }

  /// Checks it against what the operator has granted. That a token admits one node and no more is for whoever admits to keep: it
  /// remembers ids of tokens, on disk, before it answers.
  ///
  /// @param seconds since 1970: now
  /// @return the public key to make a certificate for
  /// @throws CapsuleException with the first reason why not
  public byte[] check(Crypto crypto, TokenGrant grant, Revocations revocations, long seconds)
      throws CapsuleException {
    if (!Arrays.equals(group, grant.group()) || token != grant.id()) {
      throw new CapsuleException(Fault.FOREIGN, "an admission with another token than the grant's");
    }
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(token).array();
    byte[] hash = Purpose.TOKEN_SECRET.hash(crypto, group, id, secret);
    if (!MessageDigest.isEqual(hash, grant.secretHash())) {
      throw new CapsuleException(Fault.FORGED, "an admission without the token's secret");
    }
    if (seconds > grant.expirySeconds()) {
      throw new CapsuleException(
          Fault.UNTIMELY, "an admission with a token that expired at " + grant.expirySeconds());
    }
    if (revocations.revokedSeconds(Revocations.What.TOKEN, token).isPresent()) {
      throw new CapsuleException(Fault.REVOKED, "an admission with a token that has been revoked");
    }
    return publicKey.clone();
  }

  /// What the other end is said to have said.
  public byte[] nonce() {
    return nonce.clone();
  }

  /// What secrets are to be sealed to.
  public byte[] sealingKey() {
    return sealingKey.clone();
  }

  /// The id of the token.
  public long token() {
    return token;
  }
}
