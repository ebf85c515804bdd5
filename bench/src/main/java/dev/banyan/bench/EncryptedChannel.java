package dev.banyan.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/// TLS over a socket that does not block, for clients of benchmarks. Belongs to one thread.
final class EncryptedChannel implements ByteChannel {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// What one read takes at most. Less than half of what is read into, so that all whole records of it always fit there.
  private static final int READ_BYTES = 96 << 10;

  private static final int WRITE_BYTES = 128 << 10;

  private final SocketChannel socket;
  private final SSLEngine engine;
  private final ByteBuffer in;
  private final ByteBuffer out;

  private EncryptedChannel(SocketChannel socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
    int record = engine.getSession().getPacketBufferSize();
    in = ByteBuffer.allocateDirect(READ_BYTES + record);
    out = ByteBuffer.allocateDirect(WRITE_BYTES + record);
    out.flip();
  }

  /// Does the handshake, which blocks.
  static EncryptedChannel over(SocketChannel blocking, SSLEngine engine) throws IOException {
    EncryptedChannel channel = new EncryptedChannel(blocking, engine);
    channel.handshake();
    return channel;
  }

  private void handshake() throws IOException {
    engine.beginHandshake();
    ByteBuffer none = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> {
          wrap(NOTHING);
          while (out.hasRemaining()) {
            socket.write(out);
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          in.flip();
          SSLEngineResult result = engine.unwrap(in, none);
          in.compact();
          if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            if (socket.read(in) < 0) {
              throw new SSLException("closed during the handshake");
            }
          } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("refused during the handshake");
          }
        }
        case NEED_TASK -> tasks();
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  private void tasks() {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  private void wrap(ByteBuffer from) throws SSLException {
    out.compact();
    try {
      engine.wrap(from, out);
    } finally {
      out.flip();
    }
  }

  /// Decrypts all that one read has brought. The buffer must have room for [#READ_BYTES] and a record.
  @Override
  public int read(ByteBuffer into) throws IOException {
    int before = into.position();
    int got = socket.read(in);
    in.flip();
    while (in.hasRemaining()) {
      SSLEngineResult result = engine.unwrap(in, into);
      switch (result.getHandshakeStatus()) {
        case NEED_TASK -> tasks();
        case NEED_WRAP -> wrap(NOTHING);
        case FINISHED, NOT_HANDSHAKING, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {}
      }
      if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
        got = -1;
        break;
      }
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        throw new SSLException("a record does not fit into what is read into");
      }
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        break;
      }
    }
    in.compact();
    int brought = into.position() - before;
    return brought == 0 && got < 0 ? -1 : brought;
  }

  /// Whether something is encrypted and not written yet.
  boolean waits() {
    return out.hasRemaining();
  }

  /// Encrypts as much as there is room for, and writes as much as the socket takes.
  ///
  /// @return how much was encrypted; of that some may wait, until [#write] is called again
  @Override
  public int write(ByteBuffer from) throws IOException {
    int before = from.position();
    while (true) {
      int room = out.capacity() - out.remaining();
      if (from.hasRemaining() && room >= engine.getSession().getPacketBufferSize()) {
        wrap(from);
        continue;
      }
      if (out.hasRemaining() && socket.write(out) > 0) {
        continue;
      }
      return from.position() - before;
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
