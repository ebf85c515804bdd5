package dev.banyan.node.http;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/// The first line and the headers of a request (RFC 9112), once they are understood.
///
/// @param target path and query as they came, percent signs and all
/// @param oldVersion HTTP/1.0
record RequestHead(String method, String target, HttpHeaders headers, boolean oldVersion) {

  /// @throws BadRequest when it cannot be served
  static RequestHead of(HttpRequest request) throws BadRequest {
    HttpHeaders headers = request.headers();
    String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    boolean otherCoding = coding != null && !coding.equalsIgnoreCase("chunked");
    if (request.decoderResult().isFailure()) {
      throw otherCoding ? unknownCoding() : fault(request.decoderResult().cause());
    }
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      throw new BadRequest(505, "HTTP/1.1 is spoken here");
    }
    if (otherCoding) {
      throw unknownCoding();
    }
    String target = target(request.uri(), headers);
    return new RequestHead(
        request.method().name(), target, headers, version.equals(HttpVersion.HTTP_1_0));
  }

  static String noRequest() {
    return "this is no HTTP request: METHOD /PATH HTTP/1.1 is expected";
  }

  private static BadRequest unknownCoding() {
    return new BadRequest(501, "the only Transfer-Encoding known here is chunked");
  }

  private static BadRequest fault(Throwable cause) {
    return switch (cause) {
      case RequestHeaders.Fault fault -> new BadRequest(400, fault.line());
      case TooLongHttpLineException _ -> tooLong(414, "the address of the request is longer");
      case TooLongHttpHeaderException _ ->
          new BadRequest(
              431,
              "a request has at most "
                  + RequestHeaders.MOST
                  + " headers, and they at most "
                  + RequestDecoder.MOST_BYTES
                  + " bytes");
      case ContentLengthNotAllowedException _ ->
          new BadRequest(400, "a body has a Content-Length or comes in chunks, not both");
      case PrematureChannelClosureException _ -> ended();
      default ->
          new BadRequest(
              400,
              "the request is malformed: METHOD /PATH HTTP/1.1 is expected, then headers as NAME: VALUE, each line ended by"
                  + " CR LF");
    };
  }

  static BadRequest ended() {
    return new BadRequest(400, "the connection ended within a request");
  }

  private static BadRequest tooLong(int status, String what) {
    return new BadRequest(status, what + " than " + RequestDecoder.MOST_BYTES + " bytes");
  }

  /// A client that takes this server for a proxy names the host in the first line; then the header does not count.
  private static String target(String said, HttpHeaders headers) throws BadRequest {
    String target = said;
    if (said.regionMatches(true, 0, "http://", 0, 7)) {
      int slash = said.indexOf('/', 7);
      headers.set(HttpHeaderNames.HOST, slash < 0 ? said.substring(7) : said.substring(7, slash));
      target = slash < 0 ? "/" : said.substring(slash);
    }
    if (!target.startsWith("/")) {
      throw new BadRequest(400, "the address of a request begins with /");
    }
    int fragment = target.indexOf('#');
    return fragment < 0 ? target : target.substring(0, fragment);
  }
}
