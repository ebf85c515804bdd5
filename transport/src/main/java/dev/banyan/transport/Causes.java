package dev.banyan.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Pattern;

/// What went wrong with a socket, in a few words for people.
final class Causes {

  static final String CLOSED = "closed by the other end";

  /// What the libraries put before and behind the reason: the call that failed, and an address that may be none.
  private static final Pattern CALL = Pattern.compile("^(\\w+\\(\\.\\.\\) failed[^:]*|null): ");

  private static final Pattern ADDRESS = Pattern.compile(": \\S*:\\d+$");

  private Causes() {}

  static String of(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "unknown host";
    }
    if (failure instanceof ClosedChannelException) {
      return CLOSED;
    }
    if (failure instanceof ConnectTimeoutException) {
      return "no answer in time";
    }
    String message = failure.getMessage();
    if (message == null || message.equals("null")) {
      return failure.getClass().getSimpleName();
    }
    String text = message.lines().findFirst().orElse(message).toLowerCase(Locale.ROOT);
    for (String known :
        new String[] {
          "connection refused",
          "connection reset",
          "broken pipe",
          "address already in use",
          "cannot assign requested address",
          "permission denied",
          "network is unreachable",
          "no route to host",
          "too many open files"
        }) {
      if (text.contains(known)) {
        return known;
      }
    }
    String plain = CALL.matcher(text).replaceFirst("");
    plain = ADDRESS.matcher(plain).replaceFirst("");
    return failure instanceof BindException ? "cannot bind: " + plain : plain;
  }

  static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? new dev.banyan.protocol.Address(
                inet.getAddress() == null
                    ? inet.getHostString()
                    : inet.getAddress().getHostAddress(),
                inet.getPort())
            .toString()
        : address.toString();
  }
}
