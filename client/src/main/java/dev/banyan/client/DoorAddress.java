package dev.banyan.client;

import java.net.URI;
import java.net.URISyntaxException;

/// Where a worker's door is.
///
/// @param text `host:port` or `[ipv6]:port`
record DoorAddress(String text) {

  private static final int MAX_PORT = 65_535;

  /// @throws IllegalArgumentException with one line that says what is wrong
  static DoorAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + Text.shown(text) + "' is not HOST:PORT");
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      port = 0;
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "'" + Text.shown(text) + "' has no port from 1 to " + MAX_PORT + " after its colon");
    }
    if (!isUrlHost(text.substring(0, colon))) {
      throw new IllegalArgumentException(
          "'"
              + Text.shown(text.substring(0, colon))
              + "' cannot be the host of a URL (letters, digits, hyphens and dots only; an IPv6 address in brackets):"
              + " give its IP address instead");
    }
    return new DoorAddress(text);
  }

  private static boolean isUrlHost(String host) {
    try {
      return host.equals(new URI("http://" + host + ":1/").getHost());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /// @param path with its query, percent-encoded
  URI uri(String path) {
    return URI.create("http://" + text + path);
  }

  @Override
  public String toString() {
    return text;
  }
}
