package dev.banyan.node.metrics;

import dev.banyan.node.NodeSample;
import dev.banyan.node.ServedNode;
import dev.banyan.node.StartException;
import dev.banyan.node.http.HttpExchange;
import dev.banyan.node.http.HttpListener;
import dev.banyan.protocol.Address;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

  private final HttpListener listener;
  private final String host;
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final Source source;

  /// What is told.
  @FunctionalInterface
  public interface Source {

    /// @throws TimeoutException when it is not known in time
    MetricSnapshots now() throws InterruptedException, ExecutionException, TimeoutException;
  }

  private MetricsServer(Address at, Source source) throws IOException {
    this.source = source;
    host = at.host();
    listener = HttpListener.open(at, "the metrics on " + at, this::serve);
  }

  /// @param at where; port 0 takes a free one
  /// @throws StartException when the address cannot be bound
  public static MetricsServer open(Address at, ServedNode node) {
    return open(at, node::sample);
  }

  static MetricsServer open(Address at, Supplier<CompletableFuture<NodeSample>> node) {
    return serving(at, () -> NodeMetrics.of(node.get().get(ANSWER_SECONDS, TimeUnit.SECONDS)));
  }

  /// Serves what is no node's.
  ///
  /// @throws StartException when the address cannot be bound
  public static MetricsServer serving(Address at, Source source) {
    try {
      return new MetricsServer(at, source);
    } catch (IOException e) {
      throw StartException.cannotBind("serve metrics", at, "metrics", e);
    }
  }

  /// Where they are served, with the port it got.
  public Address address() {
    return new Address(host, listener.port());
  }

  @Override
  public void close() {
    listener.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    int query = exchange.target().indexOf('?');
    String path = query < 0 ? exchange.target() : exchange.target().substring(0, query);
    if (!path.equals(PATH)) {
      send(exchange, 404, "text/plain", bytes("metrics are under " + PATH + "\n"));
    } else if (!exchange.method().equals("GET")) {
      exchange.answer(
          405,
          Map.of("Content-Type", "text/plain", "Allow", "GET"),
          bytes("metrics are only read: use GET\n"));
    } else {
      answer(exchange);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    ExpositionFormatWriter writer = writer(exchange.header("Accept"));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      writer.write(body, source.now());
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
    exchange.answer(status, Map.of("Content-Type", type), body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
