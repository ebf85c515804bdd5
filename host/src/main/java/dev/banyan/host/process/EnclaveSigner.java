package dev.banyan.host.process;

import dev.banyan.host.seam.SeamMessage;
import dev.banyan.protocol.Bytes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Has the enclave sign what handshakes need. Called on the threads of handshakes, which wait.
final class EnclaveSigner {

  /// A handshake may take no longer.
  private static final long PATIENCE_SECONDS = 5;

  private final Consumer<SeamMessage.ToEnclave> enclave;
  private final AtomicLong requests = new AtomicLong();
  private final Map<Long, CompletableFuture<Bytes>> open = new ConcurrentHashMap<>();

  EnclaveSigner(Consumer<SeamMessage.ToEnclave> enclave) {
    this.enclave = enclave;
  }

  /// @throws IllegalStateException when the enclave does not sign this, or does not answer
  byte[] sign(byte[] content) {
    long request = requests.incrementAndGet();
    CompletableFuture<Bytes> answer = new CompletableFuture<>();
    open.put(request, answer);
    try {
      enclave.accept(new SeamMessage.Sign(request, Bytes.wrap(content)));
      Bytes signature = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (signature.size() == 0) {
        throw new IllegalStateException("the enclave does not sign this");
      }
      return signature.shared();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the enclave has not signed", e);
    } finally {
      open.remove(request);
    }
  }

  void on(SeamMessage.Signed signed) {
    CompletableFuture<Bytes> waiting = open.get(signed.id());
    if (waiting != null) {
      waiting.complete(signed.signature());
    }
  }
}
