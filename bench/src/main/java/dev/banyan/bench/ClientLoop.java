package dev.banyan.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/// The one thread of a benchmark's clients: their sockets, timers and read buffer. Sender and receivers share it, so that
/// beside a router that has a core, they do not wait for each other's slice of the other one.
final class ClientLoop implements AutoCloseable {

  /// Fits the second-level cache, so that counting does not compete for memory with what is measured.
  private static final int SCRATCH_BYTES = 256 << 10;

  /// Between two looks at timers, which need no more than milliseconds.
  private static final long TIMERS_EVERY_NANOS = 1_000_000;

  private final Selector selector;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
  private final List<SocketMember> members = new ArrayList<>();
  private long timersNanos = System.nanoTime();

  ClientLoop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new BenchmarkException("cannot open a selector: " + e.getMessage(), e);
    }
  }

  Selector selector() {
    return selector;
  }

  void add(SocketMember member) {
    members.add(member);
  }

  /// Does what there is to do now, and waits for nothing.
  void poll() {
    long now = System.nanoTime();
    if (now - timersNanos >= TIMERS_EVERY_NANOS) {
      timersNanos = now;
      fireTimers();
    }
    try {
      selector.selectNow(key -> ((SocketMember) key.attachment()).ready(key, scratch));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Waits for something to do, at most that long, and does it.
  ///
  /// @param millis more than 0
  void await(long millis) {
    fireTimers();
    try {
      selector.select(key -> ((SocketMember) key.attachment()).ready(key, scratch), millis);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Closes the members too.
  @Override
  public void close() {
    members.forEach(SocketMember::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void fireTimers() {
    members.forEach(SocketMember::fireTimers);
  }

  private static BenchmarkException failed(IOException e) {
    return new BenchmarkException("the clients' selector failed: " + e.getMessage(), e);
  }
}
