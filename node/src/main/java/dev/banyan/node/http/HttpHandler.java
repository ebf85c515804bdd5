package dev.banyan.node.http;

import java.io.IOException;

/// Answers requests, each on a virtual thread of its own: it may block.
@FunctionalInterface
public interface HttpHandler {

  /// Must answer the exchange, or throw: [BadRequest] becomes the answer, any other [IOException] ends the connection.
  void serve(HttpExchange exchange) throws IOException;
}
