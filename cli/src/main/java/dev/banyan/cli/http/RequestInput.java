package dev.banyan.cli.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// What a client sends. A request has so much time to come in whole, however it trickles.
final class RequestInput extends InputStream {

  private final Socket socket;
  private final InputStream in;
  private long deadlineNanos;

  RequestInput(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(new Timed(), 8 << 10);
  }

  /// From now on reads fail after so long, together.
  void within(long seconds) {
    deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  @Override
  public int read() throws IOException {
    return in.read();
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    return in.read(into, from, length);
  }

  /// Waits for the first byte of a request.
  ///
  /// @return false when none comes any more
  boolean awaitRequest() throws IOException {
    return peek() >= 0;
  }

  /// The next byte, which is still there to be read, or -1.
  int peek() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next;
  }

  /// A line without its end, which is a line feed that a carriage return may precede.
  ///
  /// @param mostBytes of the line
  /// @param tooLong thrown where it has more
  String line(int mostBytes, BadRequest tooLong) throws IOException {
    byte[] bytes = new byte[Math.min(mostBytes, 256)];
    int length = 0;
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0) {
        throw new BadRequest(400, "the connection ended within a request");
      }
      if (length == mostBytes) {
        throw tooLong;
      }
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(mostBytes, 2 * length));
      }
      bytes[length++] = (byte) next;
    }
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /// Reads the socket with the time that is left: a socket's own timeout begins anew with each read.
  private final class Timed extends InputStream {
    private final InputStream raw;

    Timed() throws IOException {
      raw = socket.getInputStream();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      try {
        if (leftMillis <= 0) {
          throw new SocketTimeoutException();
        }
        socket.setSoTimeout((int) Math.min(leftMillis, Integer.MAX_VALUE));
        return raw.read(into, from, length);
      } catch (SocketTimeoutException e) {
        BadRequest late = new BadRequest(408, "the request did not come in whole in time");
        late.initCause(e);
        throw late;
      }
    }
  }
}
