package dev.banyan.transport;

import dev.banyan.protocol.Address;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/// A way to an address on which each direction of each connection carries so many bytes a second, and little waits.
final class SlowLine implements Closeable {

  private static final int BUFFER_BYTES = 4 << 10;

  private final ServerSocket server = new ServerSocket();
  private final long bytesPerSecond;
  private final CompletableFuture<Address> target = new CompletableFuture<>();
  private final List<Closeable> open = new CopyOnWriteArrayList<>();

  SlowLine(long bytesPerSecond) throws IOException {
    this.bytesPerSecond = bytesPerSecond;
    server.setReceiveBufferSize(BUFFER_BYTES);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  Address address() {
    return new Address(server.getInetAddress().getHostAddress(), server.getLocalPort());
  }

  void leadsTo(Address end) {
    target.complete(end);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket();
        open.add(near);
        open.add(far);
        near.setSendBufferSize(BUFFER_BYTES);
        far.setSendBufferSize(BUFFER_BYTES);
        far.setReceiveBufferSize(BUFFER_BYTES);
        far.connect(new InetSocketAddress(target.join().host(), target.join().port()));
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long free = System.nanoTime();
      for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
        out.write(buffer, 0, bytes);
        free = Math.max(free, System.nanoTime()) + bytes * 1_000_000_000L / bytesPerSecond;
        LockSupport.parkNanos(free - System.nanoTime());
      }
    } catch (IOException _) {
      // one of the ends has gone, and so does the other
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Closeable each : open) {
      each.close();
    }
  }
}
