package dev.banyan.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The body of a request, decoded. It is taken from the connection a piece at a time, as it is read. Once it has failed
/// it stays failed.
final class RequestContent extends InputStream {

  private final HttpConnection connection;
  private final boolean empty;
  private @Nullable HttpContent piece;
  private boolean ended;
  private @Nullable BadRequest failure;

  /// @param first what came in with the head, null for nothing
  RequestContent(HttpConnection connection, @Nullable HttpContent first) throws BadRequest {
    this.connection = connection;
    empty = first instanceof LastHttpContent && !first.content().isReadable();
    if (first != null) {
      take(first);
    }
  }

  /// Whether there is none.
  boolean isEmpty() {
    return empty;
  }

  /// Whether all of it has come in.
  boolean ended() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      HttpContent held = piece;
      if (held == null) {
        if (failure != null) {
          throw failure;
        }
        if (ended) {
          return -1;
        }
        next();
        continue;
      }
      ByteBuf bytes = held.content();
      int count = Math.min(length, bytes.readableBytes());
      bytes.readBytes(into, from, count);
      if (!bytes.isReadable()) {
        close();
      }
      if (count > 0) {
        return count;
      }
    }
  }

  private void next() throws IOException {
    try {
      take(connection.nextPiece());
    } catch (BadRequest e) {
      failure = e;
      throw e;
    }
  }

  private void take(HttpContent next) throws BadRequest {
    if (next.decoderResult().isFailure()) {
      next.release();
      failure =
          new BadRequest(
              400,
              "the chunks of the body are malformed: each is its size in hex digits, CR LF, as many bytes, CR LF; the last has"
                  + " size 0");
      throw failure;
    }
    ended = next instanceof LastHttpContent;
    piece = next;
  }

  /// Lets go of what was not read.
  @Override
  public void close() {
    HttpContent held = piece;
    piece = null;
    if (held != null) {
      held.release();
    }
  }
}
