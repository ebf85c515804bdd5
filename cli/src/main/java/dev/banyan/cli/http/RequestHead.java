package dev.banyan.cli.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The first line and the headers of a request (RFC 9112), read strictly: what can be understood in two ways is refused.
///
/// @param target path and query as they came, percent signs and all
/// @param headers by their names in small letters; values of a name that came several times are joined by commas
/// @param oldVersion HTTP/1.0
record RequestHead(String method, String target, Map<String, String> headers, boolean oldVersion) {

  /// Of all of it: a key of 1,024 bytes, percent-encoded, takes 3 kB.
  private static final int MOST_BYTES = 16 << 10;

  private static final int MOST_HEADERS = 100;

  /// Said twice, they are an attempt to have two readers understand different things.
  private static final Set<String> ONCE =
      Set.of("host", "content-length", "transfer-encoding", "expect", "origin");

  static RequestHead read(RequestInput in) throws IOException {
    if (!Character.isLetter(in.peek())) {
      throw noRequest(); // Another protocol, whose speaker may never send a line.
    }
    int left = MOST_BYTES;
    String line = in.line(left, tooLong(414, "the address of the request is longer"));
    left -= line.length();
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !isToken(parts[0]) || !parts[2].startsWith("HTTP/")) {
      throw noRequest();
    }
    if (!parts[2].equals("HTTP/1.1") && !parts[2].equals("HTTP/1.0")) {
      throw new BadRequest(505, "HTTP/1.1 is spoken here");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    int count = 0;
    while (!(line = in.line(left, tooLong(431, "the headers are longer"))).isEmpty()) {
      left = Math.max(0, left - line.length());
      if (++count > MOST_HEADERS) {
        throw new BadRequest(431, "a request has at most " + MOST_HEADERS + " headers");
      }
      add(headers, line);
    }
    return new RequestHead(
        parts[0], target(parts[1], headers), headers, parts[2].equals("HTTP/1.0"));
  }

  private static BadRequest noRequest() {
    return new BadRequest(400, "this is no HTTP request: METHOD /PATH HTTP/1.1 is expected");
  }

  private static BadRequest tooLong(int status, String what) {
    return new BadRequest(status, what + " than " + MOST_BYTES + " bytes");
  }

  private static void add(Map<String, String> headers, String line) throws BadRequest {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!isToken(name)) {
      throw new BadRequest(400, "a header is malformed: NAME: VALUE is expected");
    }
    String value = line.substring(colon + 1).strip();
    String before = headers.get(name);
    if (before != null && ONCE.contains(name)) {
      throw new BadRequest(400, "the header " + name + " comes twice");
    }
    headers.put(name, before == null ? value : before + ", " + value);
  }

  /// A client that takes this server for a proxy names the host in the first line; then the header does not count.
  private static String target(String said, Map<String, String> headers) throws BadRequest {
    String target = said;
    if (said.regionMatches(true, 0, "http://", 0, 7)) {
      int slash = said.indexOf('/', 7);
      headers.put("host", slash < 0 ? said.substring(7) : said.substring(7, slash));
      target = slash < 0 ? "/" : said.substring(slash);
    }
    if (!target.startsWith("/")) {
      throw new BadRequest(400, "the address of a request begins with /");
    }
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) == 0x7f) {
        throw new BadRequest(400, "the address of a request has no control characters");
      }
    }
    int fragment = target.indexOf('#');
    return fragment < 0 ? target : target.substring(0, fragment);
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c ->
                c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
  }
}
