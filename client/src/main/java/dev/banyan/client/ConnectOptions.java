package dev.banyan.client;

import java.time.Duration;
import java.util.List;

/// Where to connect to, and how long to wait.
///
/// ```java
/// Banyan banyan =
///     Banyan.connect(
///         ConnectOptions.to("10.0.0.1:7171", "10.0.0.2:7171").withCallTimeout(Duration.ofSeconds(3)));
/// ```
///
/// @param addresses of workers' doors, `HOST:PORT` or `[IPV6]:PORT`; the first one that answers is used, until it does not
/// @param connectTimeout how long an address has to accept a connection (with several addresses a second, with one five)
/// @param callTimeout how long a call may take in all, over all addresses and all waiting. The default, 25 s, is a little
///     longer than a door gives its worker
/// @param silence how long a watch may hear nothing before its connection counts as broken. The default is 30 s; a door
///     says something every 10 s
/// @param calls how many calls may be under way at the same time, each on a connection of its own; others wait their turn.
///     The default, 16, is a guess. Watches do not count
public record ConnectOptions(
    List<String> addresses,
    Duration connectTimeout,
    Duration callTimeout,
    Duration silence,
    int calls) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /// @throws IllegalArgumentException when something cannot be so, with one line that says what
  public ConnectOptions {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("give at least one address of a worker's door, HOST:PORT");
    }
    addresses.forEach(DoorAddress::parse);
    require("connect timeout", connectTimeout);
    require("call timeout", callTimeout);
    require("silence", silence);
    if (calls < 1) {
      throw new IllegalArgumentException("calls: at least 1, not " + calls);
    }
  }

  private static void require(String what, Duration time) {
    if (!time.isPositive() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + ": more than 0, at most a day, not " + time);
    }
  }

  /// The defaults, for these addresses.
  public static ConnectOptions to(String... addresses) {
    return new ConnectOptions(
        List.of(addresses),
        Duration.ofSeconds(addresses.length > 1 ? 1 : 5),
        Duration.ofSeconds(25),
        Duration.ofSeconds(30),
        16);
  }

  public ConnectOptions withConnectTimeout(Duration time) {
    return new ConnectOptions(addresses, time, callTimeout, silence, calls);
  }

  public ConnectOptions withCallTimeout(Duration time) {
    return new ConnectOptions(addresses, connectTimeout, time, silence, calls);
  }

  public ConnectOptions withSilence(Duration time) {
    return new ConnectOptions(addresses, connectTimeout, callTimeout, time, calls);
  }

  public ConnectOptions withCalls(int most) {
    return new ConnectOptions(addresses, connectTimeout, callTimeout, silence, most);
  }
}
