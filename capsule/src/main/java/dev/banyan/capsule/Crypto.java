package dev.banyan.capsule;

/// The primitives that capsules are made of. Not for use by two threads at a time: what is reused inside is not shared.
public interface Crypto {

  int HASH_BYTES = 32;
  int KEY_BYTES = 32;
  int NONCE_BYTES = 12;

  /// What AES-GCM adds to a text.
  int SEAL_BYTES = 16;

  int SIGNATURE_BYTES = 64;
  int PUBLIC_KEY_BYTES = 32;

  /// Whose signatures these are, for people: it is shown when a process starts.
  String provider();

  /// A hasher for SHA-256 (FIPS 180-4), ready to start. The same one each time: one hash at a time.
  Hasher sha256();

  /// HKDF-SHA-256 (RFC 5869), extract without a salt and expand to [#KEY_BYTES].
  byte[] derive(byte[] secret, byte[] info);

  /// HKDF-SHA-256's second step alone, for what is a key already.
  byte[] expand(byte[] key, byte[] info);

  /// AES-256-GCM under one key, which is copied. The same cipher each time: the one of before must not be used any more.
  Aead aead(byte[] key);

  /// Signs with Ed25519 (RFC 8032).
  byte[] sign(SigningKey key, byte[] message);

  /// Whether somebody can own this public key: it is a point of the curve, written in its one way, and not one of the few for
  /// which anybody can make signatures. Providers differ about such keys, so none of them is asked.
  boolean isKey(byte[] publicKey);

  /// Whether this is the signature of the message by the owner of the key. False for a key or signature that is none.
  boolean verifies(byte[] publicKey, byte[] message, byte[] signature);

  /// One hash at a time; [#finish] makes it ready to start again.
  interface Hasher {
    Hasher update(byte value);

    Hasher update(byte[] bytes, int offset, int length);

    default Hasher update(byte[] bytes) {
      return update(bytes, 0, bytes.length);
    }

    /// Writes the hash of what was taken since the last time.
    void finish(byte[] out, int at);

    default byte[] finish() {
      byte[] hash = new byte[HASH_BYTES];
      finish(hash, 0);
      return hash;
    }
  }

  /// Authenticated encryption with associated data. A nonce must never come twice under one key.
  interface Aead {
    /// Writes the ciphertext, [#SEAL_BYTES] longer than the text.
    void seal(byte[] nonce, Slice associated, Slice text, byte[] out, int at);

    /// Writes the text, [#SEAL_BYTES] shorter than the ciphertext.
    ///
    /// @return false, and nothing is to be trusted, when the ciphertext, nonce or associated data are not those of a sealing
    boolean open(byte[] nonce, Slice associated, Slice sealed, byte[] out, int at);
  }

  /// Part of an array.
  @SuppressWarnings("ArrayRecordComponent")
  record Slice(byte[] bytes, int offset, int length) {
    public static Slice of(byte[] bytes) {
      return new Slice(bytes, 0, bytes.length);
    }
  }
}
