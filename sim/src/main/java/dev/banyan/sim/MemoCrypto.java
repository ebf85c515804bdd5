package dev.banyan.sim;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The real algorithms, but that whether a signature is good is found out once for all nodes of a simulation: each of them checks
/// every batch, and that takes most of a run's time.
public final class MemoCrypto implements Crypto {

  private static final int KEPT = 4_096;

  private final Crypto real = JcaCrypto.fastest();
  private final LinkedHashMap<ByteBuffer, Boolean> found =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
          return size() > KEPT;
        }
      };

  private MemoCrypto() {}

  /// The same one for all nodes of a simulation, which are all of one thread.
  public static Supplier<MemoCrypto> shared() {
    MemoCrypto one = new MemoCrypto();
    return () -> one;
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
    ByteBuffer name =
        ByteBuffer.allocate(
                2 * Integer.BYTES + publicKey.length + message.length + signature.length)
            .putInt(publicKey.length)
            .putInt(message.length)
            .put(publicKey)
            .put(message)
            .put(signature)
            .flip();
    return found.computeIfAbsent(name, _ -> real.verifies(publicKey, message, signature));
  }
}
