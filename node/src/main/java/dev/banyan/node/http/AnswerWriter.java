package dev.banyan.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Writes answers to one client, a piece at a time: the next one when the kernel has taken the one before. Where that
/// fails the connection is closed. All of it on the loop.
final class AnswerWriter {

  /// For a piece to be taken.
  private static final long PIECE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int PIECE_BYTES = 64 << 10;

  private final Channel channel;
  private boolean writing;
  private long deadlineNanos;

  AnswerWriter(Channel channel) {
    this.channel = channel;
  }

  /// What is done when something was written, or the client has gone.
  interface Written {
    void done(boolean success);
  }

  static HttpResponse head(int status, HttpHeaders headers) {
    return new DefaultHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers);
  }

  /// Writes the beginning of an answer, together with what comes next.
  void begin(HttpResponse head) {
    channel.write(head);
  }

  /// Writes a whole answer.
  void answer(HttpResponse head, byte[] body, Written written) {
    begin(head);
    rest(Unpooled.wrappedBuffer(body), written);
  }

  /// Writes the answer to what cannot be served.
  void refuse(BadRequest refusal, Written written) {
    byte[] body =
        ("{\"error\":\"" + refusal.line() + "\"}\n").getBytes(StandardCharsets.ISO_8859_1);
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set("Content-Type", "application/json; charset=utf-8");
    headers.set("Content-Length", String.valueOf(body.length));
    headers.set("Connection", "close");
    answer(head(refusal.status(), headers), body, written);
  }

  private void rest(ByteBuf rest, Written written) {
    if (rest.readableBytes() <= PIECE_BYTES) {
      write(new DefaultLastHttpContent(rest), written);
      return;
    }
    write(
        new DefaultHttpContent(rest.readRetainedSlice(PIECE_BYTES)),
        success -> {
          if (success) {
            rest(rest, written);
          } else {
            written.done(false);
          }
        });
  }

  /// Writes a piece.
  void write(HttpContent piece, Written written) {
    writing = true;
    deadlineNanos = System.nanoTime() + PIECE_NANOS;
    channel
        .writeAndFlush(piece)
        .addListener((Future<? super Void> write) -> {
          writing = false;
          if (!write.isSuccess()) {
            channel.close();
          }
          written.done(write.isSuccess());
        });
  }

  /// Whether the client does not take what it is sent.
  boolean isStuck(long nowNanos) {
    return writing && nowNanos - deadlineNanos > 0;
  }
}
