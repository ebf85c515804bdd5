package dev.banyan.cli;

import com.sun.net.httpserver.HttpServer;
import dev.banyan.protocol.Address;
import java.io.IOException;
import java.net.InetSocketAddress;

/// The JDK's HTTP server, within limits: it has none by itself, and its connections take the node's files.
public final class HttpServers {

  /// For a request to come in whole; half of one is cut off then.
  private static final int REQUEST_SECONDS = 20;

  /// At the same time; watches, of which a door allows 256, are among them.
  private static final int MOST_CONNECTIONS = 1_024;

  private static final int BACKLOG = 64;

  static {
    // Read once, when the first server is made.
    System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(REQUEST_SECONDS));
    System.setProperty("jdk.httpserver.maxConnections", String.valueOf(MOST_CONNECTIONS));
  }

  private HttpServers() {}

  /// @param at where; port 0 takes a free one
  /// @throws IOException when the address cannot be bound
  public static HttpServer bind(Address at) throws IOException {
    return HttpServer.create(new InetSocketAddress(at.host(), at.port()), BACKLOG);
  }
}
