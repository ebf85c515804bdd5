package dev.banyan.host.seam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/// What one process says, gathered and written in as few pieces as it can be. For any number of threads.
public final class SeamOutput {

  /// Arrays that are larger are not kept.
  private static final int KEPT_BYTES = 1 << 20;

  private final WritableByteChannel channel;
  private final ReentrantLock writing = new ReentrantLock();
  private final SeamCodec codec = new SeamCodec();
  private final SeamFields pending = new SeamFields();
  private volatile long backlogBytes;

  public SeamOutput(WritableByteChannel channel) {
    this.channel = channel;
  }

  /// Adds a message to those that are to be written; never waits for the other process.
  ///
  /// @throws IllegalArgumentException when it is longer than the other end takes
  public void add(SeamMessage message) {
    synchronized (codec) {
      int before = pending.size();
      codec.write(message, pending);
      backlogBytes += pending.size() - before;
    }
  }

  /// Bytes that the channel has not taken yet.
  public long backlogBytes() {
    return backlogBytes;
  }

  /// Writes all that was added, and waits until the channel has taken it. Whoever comes while somebody else writes waits too.
  ///
  /// @throws IOException when the channel is closed
  public void flush() throws IOException {
    writing.lock();
    try {
      while (true) {
        ByteBuffer bytes;
        synchronized (codec) {
          if (pending.size() == 0) {
            return;
          }
          bytes = pending.take();
        }
        int size = bytes.remaining();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        synchronized (codec) {
          backlogBytes -= size;
          pending.giveBack(bytes, KEPT_BYTES);
        }
      }
    } finally {
      writing.unlock();
    }
  }
}
