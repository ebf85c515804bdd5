package dev.banyan.capsule;

/// Other algorithms with something added: whatever a subclass does not do itself, they do.
public abstract class ForwardingCrypto implements Crypto {

  private final Crypto real;

  protected ForwardingCrypto(Crypto real) {
    this.real = real;
  }

  @Override
  public String provider() {
    return real.provider();
  }

  @Override
  public Hasher sha256() {
    return real.sha256();
  }

  @Override
  public byte[] derive(byte[] secret, byte[] info) {
    return real.derive(secret, info);
  }

  @Override
  public byte[] expand(byte[] key, byte[] info) {
    return real.expand(key, info);
  }

  @Override
  public Aead aead(byte[] key) {
    return real.aead(key);
  }

  @Override
  public byte[] sign(SigningKey key, byte[] message) {
    return real.sign(key, message);
  }

  @Override
  public boolean isKey(byte[] publicKey) {
    return real.isKey(publicKey);
  }

  @Override
  public boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
    return real.verifies(publicKey, message, signature);
  }
}
