package dev.banyan.node.keys;

import java.io.IOException;
import java.net.Socket;
import java.util.LinkedHashSet;
import java.util.concurrent.Semaphore;

/// The links of a key service. There are only so many at a time: the one that has been open longest gives way to a new one, as an honest one takes
/// milliseconds.
final class OpenLinks {

  /// Each costs a handshake and some kilobytes.
  static final int MAX = 64;

  private final Semaphore free = new Semaphore(MAX);
  private final LinkedHashSet<Socket> open = new LinkedHashSet<>();

  /// Waits for a moment if there are too many, until one has ended.
  void add(Socket link) throws InterruptedException {
    if (!free.tryAcquire()) {
      closeOldest();
      free.acquire();
    }
    synchronized (this) {
      open.add(link);
    }
  }

  private synchronized void closeOldest() {
    if (!open.isEmpty()) {
      close(open.removeFirst());
    }
  }

  /// Its thread has nothing more to do with it.
  void ended(Socket link) {
    synchronized (this) {
      open.remove(link);
    }
    free.release();
  }

  synchronized void closeAll() {
    open.forEach(OpenLinks::close);
  }

  private static void close(Socket link) {
    try {
      link.close();
    } catch (IOException e) {
      return; // Its other end has closed it, then.
    }
  }
}
