package dev.banyan.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.banyan.cli.HttpServers;
import dev.banyan.cli.UserError;
import dev.banyan.cli.node.NodeSample;
import dev.banyan.cli.node.RunningNode;
import dev.banyan.protocol.Address;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a node's metrics over HTTP, in whichever of Prometheus's text formats is asked for. Only reads.
public final class MetricsServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
  private static final String PATH = "/metrics";

  /// A node that does not answer for so long hangs; scrapers wait ten seconds.
  private static final long ANSWER_SECONDS = 5;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final Supplier<CompletableFuture<NodeSample>> node;

  private MetricsServer(HttpServer server, Supplier<CompletableFuture<NodeSample>> node) {
    this.server = server;
    this.node = node;
  }

  /// @param at where; port 0 takes a free one
  /// @throws UserError when the address cannot be bound
  public static MetricsServer open(Address at, RunningNode node) {
    return open(at, node::sample);
  }

  static MetricsServer open(Address at, Supplier<CompletableFuture<NodeSample>> node) {
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
        exchange.getResponseHeaders().set("Allow", "GET");
        send(exchange, 405, "text/plain", bytes("metrics are only read: use GET\n"));
      } else {
        answer(exchange);
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    ExpositionFormatWriter writer = writer(exchange.getRequestHeaders().getFirst("Accept"));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      writer.write(body, NodeMetrics.of(node.get().get(ANSWER_SECONDS, TimeUnit.SECONDS)));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      send(exchange, 503, "text/plain", bytes("the node does not answer\n"));
      return;
    } catch (RuntimeException | Error e) {
      LOG.error("metrics could not be written, please report it: {}", e.toString());
      send(
          exchange, 500, "text/plain", bytes("metrics could not be written: see the node's log\n"));
      return;
    }
    send(exchange, 200, writer.getContentType(), body.toByteArray());
  }

  /// Only texts: Prometheus may like protobuf best, but takes these too.
  private ExpositionFormatWriter writer(@Nullable String accept) {
    return accept != null && openMetrics.accepts(accept) ? openMetrics : text;
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
