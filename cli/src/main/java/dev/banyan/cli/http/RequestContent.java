package dev.banyan.cli.http;

import java.io.IOException;
import java.io.InputStream;

/// The body of a request, decoded: of a length that was told, or in chunks. Once it has failed it stays failed.
final class RequestContent extends InputStream {

  /// A chunk's size and what may be said about it; the same for each line after the last chunk.
  private static final int MOST_LINE_BYTES = 1 << 10;

  private static final int MOST_TRAILERS = 32;

  private final RequestInput in;
  private final boolean chunked;

  /// To come of the body, or of the chunk.
  private long left;

  private boolean begun;
  private boolean ended;

  private RequestContent(RequestInput in, boolean chunked, long left) {
    this.in = in;
    this.chunked = chunked;
    this.left = left;
    ended = !chunked && left == 0;
  }

  static RequestContent of(RequestHead head, RequestInput in) throws BadRequest {
    String coding = head.headers().get("transfer-encoding");
    String length = head.headers().get("content-length");
    if (coding != null) {
      if (length != null) {
        throw new BadRequest(400, "a body has a Content-Length or comes in chunks, not both");
      }
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new BadRequest(501, "the only Transfer-Encoding known here is chunked");
      }
      return new RequestContent(in, true, 0);
    }
    if (length == null) {
      return new RequestContent(in, false, 0);
    }
    if (length.isEmpty()
        || length.length() > 18
        || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new BadRequest(400, "the Content-Length is no number of bytes");
    }
    return new RequestContent(in, false, Long.parseLong(length));
  }

  /// Whether all of it was read.
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
    if (!ended && chunked && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(into, from, (int) Math.min(length, left));
    if (count < 0) {
      throw new BadRequest(400, "the connection ended within the body of a request");
    }
    left -= count;
    ended = !chunked && left == 0;
    return count;
  }

  private void nextChunk() throws IOException {
    if (begun && !line().isEmpty()) {
      throw malformed("a chunk is longer than it said");
    }
    begun = true;
    String size = line();
    int extension = size.indexOf(';');
    String digits = (extension < 0 ? size : size.substring(0, extension)).strip();
    if (digits.isEmpty()
        || digits.length() > 15
        || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x7f)) {
      throw malformed("a chunk begins with its size in hex digits");
    }
    left = Long.parseLong(digits, 16);
    if (left == 0) {
      for (int trailers = 0; !line().isEmpty(); trailers++) {
        if (trailers == MOST_TRAILERS) {
          throw malformed("too much follows the last chunk");
        }
      }
      ended = true;
    }
  }

  private String line() throws IOException {
    return in.line(MOST_LINE_BYTES, malformed("a line between two chunks is too long"));
  }

  private static BadRequest malformed(String why) {
    return new BadRequest(400, "the chunks of the body are malformed: " + why);
  }
}
