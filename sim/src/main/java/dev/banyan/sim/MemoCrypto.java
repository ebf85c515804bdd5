package dev.banyan.sim;

import dev.banyan.capsule.ForwardingCrypto;
import dev.banyan.capsule.JcaCrypto;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The real algorithms, but that whether a signature is good is found out once for all nodes of a simulation: each of them checks
/// every batch, and that takes most of a run's time.
public final class MemoCrypto extends ForwardingCrypto {

  private static final int KEPT = 4_096;

  private final LinkedHashMap<ByteBuffer, Boolean> found =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
          return size() > KEPT;
        }
      };

  private MemoCrypto() {
    super(JcaCrypto.fastest());
  }

  /// The same one for all nodes of a simulation, which are all of one thread.
  public static Supplier<MemoCrypto> shared() {
    MemoCrypto one = new MemoCrypto();
    return () -> one;
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
    return found.computeIfAbsent(name, _ -> super.verifies(publicKey, message, signature));
  }
}
