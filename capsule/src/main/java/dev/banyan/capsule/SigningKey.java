package dev.banyan.capsule;

import java.security.PrivateKey;
import java.util.HexFormat;

/// An Ed25519 key pair that its owner signs with. Never printed.
///
/// @param publicKey the 32 bytes of RFC 8032
@SuppressWarnings("ArrayRecordComponent")
public record SigningKey(byte[] publicKey, PrivateKey privateKey) {

  @Override
  public String toString() {
    return "SigningKey[of " + HexFormat.of().formatHex(publicKey) + "]";
  }
}
