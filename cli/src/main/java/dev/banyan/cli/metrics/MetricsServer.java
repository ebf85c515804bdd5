package dev.banyan.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.banyan.cli.HttpServers;
import dev.banyan.cli.UserError;
import dev.banyan.cli.node.NodeSample;
import dev.banyan.cli.node.RunningNode;
import dev.banyan.protocol.Address;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Serves a node's metrics over HTTP, in whichever of Prometheus's formats is asked for. Only reads.
public final class MetricsServer implements AutoCloseable {

  private static final String PATH = "/metrics";

  /// A node that does not answer for so long hangs; scrapers wait ten seconds.
  private static final long ANSWER_SECONDS = 5;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final RunningNode node;

  private MetricsServer(HttpServer server, RunningNode node) {
    this.server = server;
    this.node = node;
  }

  /// @param at where; port 0 takes a free one
  /// @throws UserError when the address cannot be bound
  public static MetricsServer open(Address at, RunningNode node) {
    try {
      HttpServer http = HttpServers.bind(at);
      MetricsServer metrics = new MetricsServer(http, node);
      http.setExecutor(metrics.threads);
      http.createContext("/", metrics::serve);
      http.start();
      return metrics;
    } catch (IOException e) {
      throw UserError.cannotBind("serve metrics", at, "--metrics", e);
    }
  }

  /// Where they are served, with the port it got.
  public Address address() {
    return new Address(server.getAddress().getHostString(), server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        send(exchange, 404, "text/plain", bytes("metrics are under " + PATH + "\n"));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "text/plain", bytes("metrics are only read: use GET\n"));
      } else {
        answer(exchange);
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      NodeSample sample = node.sample().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      ExpositionFormatWriter writer =
          formats.findWriter(exchange.getRequestHeaders().getFirst("Accept"));
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      writer.write(body, NodeMetrics.of(sample));
      send(exchange, 200, writer.getContentType(), body.toByteArray());
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      send(exchange, 503, "text/plain", bytes("the node does not answer\n"));
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
