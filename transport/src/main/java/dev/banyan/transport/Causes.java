package dev.banyan.transport;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
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

  private static final String REFUSED = "the other end does not accept this node's certificate";

  /// What the libraries put before and behind the reason: the call that failed, and an address that may be none.
  private static final Pattern CALL = Pattern.compile("^(\\w+\\(\\.\\.\\) failed[^:]*|null): ");

  private static final Pattern ADDRESS = Pattern.compile(": \\S*:\\d+$");

  /// The first byte of a TLS record that begins a handshake, and of one that ends it.
  static final byte TLS_HANDSHAKE = 22;

  static final byte TLS_ALERT = 21;

  static final String SPEAKS_TLS =
      "the other end encrypts its links, and this node has no identity: give this one --identity"
          + " FILE, or the other one none";
  static final String DEMANDS_TLS =
      "the other end takes encrypted links alone: give this node --identity FILE ('banyan trust"
          + " issue' makes it)";
  static final String IN_CLEAR =
      "the other end speaks in clear, and this node encrypts its links: give the other one"
          + " --identity FILE ('banyan trust issue' makes it)";

  private Causes() {}

  /// Why a handshake failed.
  static String ofHandshake(Throwable failure) {
    if (failure instanceof NotSslRecordException) {
      return IN_CLEAR;
    }
    if (failure instanceof SslHandshakeTimeoutException) {
      return "the handshake took too long";
    }
    if (failure instanceof ClosedChannelException) {
      return "closed by the other end before the handshake was over";
    }
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    String text = of(reason);
    return text.startsWith(REFUSED) ? text : "no trusted link: " + text;
  }

  static String of(Throwable failure) {
    if (failure instanceof DecoderException && failure.getCause() != null) {
      return of(failure.getCause());
    }
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
    if (text.contains("received fatal alert: certificate_")
        || text.contains("received fatal alert: bad_certificate")) {
      return REFUSED + ": it may have expired, be revoked, or be of another group";
    }
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
