package dev.banyan.trust.attestation;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;

/// No platform at all: it signs whatever measurement it was made with, with a key that lies in a file. Whoever has that file can quote any program. It shows that
/// secrets are released by evidence and policy; it protects from nobody.
public final class SimulatedPlatform implements Platform {

  private final Crypto crypto;
  private final SigningKey key;
  private final byte[] measurement;

  /// @param crypto for this object alone
  /// @param seed 32 bytes, secret: what its key is made from
  /// @param measurement of the program that it is to vouch for
  public SimulatedPlatform(Crypto crypto, byte[] seed, byte[] measurement) {
    if (measurement.length != Crypto.HASH_BYTES) {
      throw new IllegalArgumentException("a measurement of " + measurement.length + " bytes");
    }
    this.crypto = crypto;
    key = JcaCrypto.signingKey(seed);
    this.measurement = measurement.clone();
  }

  /// What the operator's policy names.
  public byte[] publicKey() {
    return key.publicKey().clone();
  }

  @Override
  public synchronized byte[] quote(byte[] data) {
    if (data.length != DATA_BYTES) {
      throw new IllegalArgumentException("a quote over " + data.length + " bytes");
    }
    return Quote.simulated(crypto, key, measurement, data);
  }
}
