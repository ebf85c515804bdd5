package dev.banyan.node.settings;

import dev.banyan.protocol.Address;

/// Addresses as operators type them.
public final class Addresses {

  private Addresses() {}

  /// Parses `host:port`, `[ipv6]:port`, with a host that can be one.
  ///
  /// @throws IllegalArgumentException with one line saying what is wrong
  public static Address parse(String text) {
    Address address = Address.parse(text);
    String host = address.host();
    if (host.isEmpty()
        || host.codePoints()
            .anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      throw new IllegalArgumentException("'" + text + "' names no host before its port");
    }
    return address;
  }

  /// Whether it can only be an address of this machine that no other one reaches. Asks nobody: another name of it does not count.
  public static boolean isLoopback(Address address) {
    String host = address.host();
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
