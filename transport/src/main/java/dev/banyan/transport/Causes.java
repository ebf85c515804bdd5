package dev.banyan.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/// What went wrong with a socket, in a few words for people.
final class Causes {

  static final String CLOSED = "closed by the other end";

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
    if (message == null) {
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
    return failure instanceof BindException ? "cannot bind: " + text : text;
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
