package dev.banyan.node.enclave;

import dev.banyan.host.process.NodeHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// Both ends of a seam in one process, for tests.
record LocalSeam(SocketChannel enclave, SocketChannel host) {

  static LocalSeam open() {
    try {
      Path directory = Files.createTempDirectory("seam");
      Path path = directory.resolve("seam");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(path));
        SocketChannel host = SocketChannel.open(UnixDomainSocketAddress.of(path));
        return new LocalSeam(server.accept(), host);
      } finally {
        Files.deleteIfExists(path);
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a host at its end.
  ///
  /// @return complete when it has ended
  CompletableFuture<Void> runHost(LongSupplier seconds) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            new NodeHost(host, seconds, () -> {}).run();
            ended.complete(null);
          } catch (Exception | Error e) {
            ended.completeExceptionally(e);
          }
        });
    return ended;
  }
}
