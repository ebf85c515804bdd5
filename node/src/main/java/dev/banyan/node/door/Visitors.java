package dev.banyan.node.door;

import dev.banyan.node.http.HttpExchange;
import dev.banyan.protocol.Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Who may come in. A browser can be made to send requests to loopback by any page it shows, even to read the answers
/// when a name of the page's own is pointed at 127.0.0.1 (DNS rebinding). Its `Host`, `Origin` and `Sec-Fetch-Site` headers
/// give it away. Pages of other sites need not say their `Origin` when they only load something (an image, a script), so
/// that alone does not suffice.
///
/// @param names further host names to serve, besides the names of loopback and the one the door was opened on
record Visitors(Address door, List<String> names) {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  void check(HttpExchange exchange) throws Refusal {
    String host = exchange.header("Host");
    if (host == null || !isServed(hostOf("http://" + host))) {
      throw new Refusal(
          421,
          "this door does not answer to the name '"
              + (host == null ? "" : host)
              + "': ask for "
              + door
              + ", or open it with --door-host NAME");
    }
    String origin = exchange.header("Origin");
    if (origin != null && !isServed(hostOf(origin))) {
      throw new Refusal(403, "web pages of " + origin + " have no access to this door");
    }
    String site = exchange.header("Sec-Fetch-Site");
    if (origin == null && site != null && !isOfUser(site)) {
      throw new Refusal(403, "web pages of other sites have no access to this door");
    }
  }

  /// Whether the browser asks by itself for what its user typed, or for a page of this door.
  private static boolean isOfUser(String site) {
    return site.equals("none") || site.equals("same-origin");
  }

  private boolean isServed(String host) {
    return LOOPBACK.contains(host)
        || host.equals(door.host().toLowerCase(Locale.ROOT))
        || names.stream().anyMatch(name -> name.equalsIgnoreCase(host));
  }

  private static String hostOf(String url) {
    try {
      String host = URI.create(url).getHost();
      if (host == null) {
        return "";
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return bare.indexOf(':') >= 0
          ? InetAddress.ofLiteral(bare).isLoopbackAddress() ? "::1" : bare
          : bare.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
