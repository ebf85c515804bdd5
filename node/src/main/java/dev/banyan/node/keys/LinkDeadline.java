package dev.banyan.node.keys;

import java.io.IOException;
import java.net.Socket;

/// Closes a socket when its time is up, however slowly its other end says something.
final class LinkDeadline implements AutoCloseable {

  private final Thread watch;
  private volatile boolean passed;

  LinkDeadline(Socket socket, long millis) {
    watch =
        Thread.ofVirtual()
            .name("banyan-deadline")
            .start(() -> {
              try {
                Thread.sleep(millis);
                passed = true;
                socket.close();
              } catch (InterruptedException | IOException e) {
                return; // It was done in time, or is closed already.
              }
            });
  }

  boolean hasPassed() {
    return passed;
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
