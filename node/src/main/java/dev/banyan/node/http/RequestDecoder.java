package dev.banyan.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Netty's decoder, made stricter, and made to wait: it hands on a head and one piece of a body at most, until more is
/// asked for. So requests that a client sends ahead wait as bytes, and these in the kernel.
///
/// Stricter: lines are not folded, the parts of the first line are separated by one space each, HTTP is in capitals, and
/// nothing begins that cannot be a request, as other protocols do whose speakers may never send a line.
final class RequestDecoder extends HttpRequestDecoder {

  /// Of the first line, and of all headers: a key of 1,024 bytes, percent-encoded, takes 3 kB.
  static final int MOST_BYTES = 16 << 10;

  private static final int PIECE_BYTES = 64 << 10;

  private final Runnable requestBegins;
  private ChannelHandlerContext context;
  private boolean wanted;
  private boolean inHead = true;
  private boolean begun;
  private boolean firstLine = true;
  private boolean discarding;
  private long discarded;

  /// @param requestBegins told when the first byte of a request has come
  @SuppressWarnings("NullAway.Init") // Netty says where it is before anything else.
  RequestDecoder(Runnable requestBegins) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_BYTES)
            .setMaxHeaderSize(MOST_BYTES)
            .setMaxChunkSize(PIECE_BYTES)
            .setHeadersFactory(RequestHeaders.FACTORY)
            .setTrailersFactory(RequestHeaders.FACTORY)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.requestBegins = requestBegins;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /// Hands on the next piece, of what has come in already. If that does not suffice, it does so when more comes in.
  void next() throws Exception {
    wanted = true;
    channelRead(context, Unpooled.EMPTY_BUFFER);
  }

  /// Whether what was asked for has not come in yet.
  boolean isWaiting() {
    return wanted;
  }

  /// From now on nothing is understood any more, whatever comes in.
  void discard() {
    discarding = true;
    wanted = true;
  }

  /// How many bytes came in since [#discard].
  long discarded() {
    return discarded;
  }

  /// Reads no more by itself, as Netty's would.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    discardSomeReadBytes();
    ctx.fireChannelReadComplete();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (discarding) {
      discarded += in.readableBytes();
      in.skipBytes(in.readableBytes());
    } else if (wanted) {
      if (inHead) {
        decodeHead(ctx, in, out);
      } else {
        super.decode(ctx, in, out);
      }
      note(out);
    }
  }

  /// Netty takes small letters, too.
  @Override
  protected String splitThirdWordInitialLine(byte[] line, int from, int length) {
    String version = super.splitThirdWordInitialLine(line, from, length);
    if (!version.startsWith("HTTP/")) {
      throw new RequestHeaders.Fault(RequestHead.noRequest());
    }
    return version;
  }

  private void note(List<Object> out) {
    if (out.isEmpty()) {
      return;
    }
    inHead = false;
    if (out.getLast() instanceof HttpContent) {
      wanted = false;
    }
    if (out.getLast() instanceof LastHttpContent) {
      inHead = true;
      begun = false;
      firstLine = true;
    }
  }

  /// Netty takes whole lines, and nothing beyond the head.
  private void decodeHead(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    if (!begun) {
      begun = true;
      requestBegins.run();
    }
    if (firstLine && !mayBegin(in)) {
      refuse(in, out, RequestHead.noRequest());
      return;
    }
    int from = in.readerIndex();
    super.decode(ctx, in, out);
    if (!out.isEmpty() && ((HttpRequest) out.getFirst()).decoderResult().isFailure()) {
      return;
    }
    String laxity = laxity(in, from, in.readerIndex());
    if (!laxity.isEmpty()) {
      out.clear(); // Of a head, nothing is to be released.
      refuse(in, out, laxity);
    }
  }

  private static boolean mayBegin(ByteBuf in) {
    for (int i = in.readerIndex(); i < in.writerIndex(); i++) {
      byte next = in.getByte(i);
      if (next != '\r' && next != '\n') {
        return next >= 'A' && next <= 'Z' || next >= 'a' && next <= 'z';
      }
    }
    return true;
  }

  /// What Netty has let pass in these lines, or nothing.
  private String laxity(ByteBuf in, int from, int to) {
    int spaces = 0;
    boolean lineBegins = true;
    for (int i = from; i < to; i++) {
      byte next = in.getByte(i);
      if (next == '\n') {
        firstLine &= lineBegins; // Empty lines may come before it.
        lineBegins = true;
      } else if (next != '\r' || in.getByte(i + 1) != '\n') {
        boolean blank = next == ' ' || next == '\t';
        spaces += next == ' ' ? 1 : 0;
        if (firstLine && (spaces > 2 || next >= 0 && next < ' ' || next == 0x7f)) {
          return RequestHead.noRequest();
        }
        if (lineBegins && blank) {
          return "a header goes over several lines: NAME: VALUE is expected, on one";
        }
        lineBegins = false;
      }
    }
    return "";
  }

  private void refuse(ByteBuf in, List<Object> out, String line) {
    in.skipBytes(in.readableBytes());
    HttpMessage refused = createInvalidMessage();
    refused.setDecoderResult(DecoderResult.failure(new RequestHeaders.Fault(line)));
    out.add(refused);
  }
}
