package dev.banyan.protocol;

/// Where a node listens: a host name or IP literal and a TCP port. [#NONE] for a node that takes no children.
public record Address(String host, int port) {

  public static final Address NONE = new Address("", 0);
  public static final int MAX_HOST_LENGTH = 255;

  public Address {
    if (host.length() > MAX_HOST_LENGTH) {
      throw new IllegalArgumentException(
          "a host name has at most 255 characters, not " + host.length());
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
  }

  /// Parses `host:port`, `[ipv6]:port`.
  ///
  /// @throws IllegalArgumentException with one line saying what is wrong
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + text + "' is not host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "': write an IPv6 address in brackets, [" + host + "]:port");
    }
    try {
      return new Address(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' has no port number after its colon", e);
    }
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
