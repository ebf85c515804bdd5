package dev.banyan.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.node.Cluster;
import dev.banyan.node.NodeSample;
import dev.banyan.node.RunningNode;
import dev.banyan.node.StartException;
import dev.banyan.protocol.Address;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

  private static final Address ANY = new Address("127.0.0.1", 0);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Cluster cluster = new Cluster();

  @AfterEach
  void stop() {
    http.close();
    cluster.close();
  }

  @Test
  @DisplayName("A root tells what it is, what it has counted, and the filter of each child")
  void root() throws Exception {
    RunningNode worker = cluster.worker();
    String node = "node=\"" + cluster.root().id() + "\"";
    String child = "child=\"" + worker.id() + "\"";

    assertThat(metricsOf(cluster.root()))
        .contains("banyan_node_info{kind=\"root\"," + node + ",tree=\"main\"} 1")
        .contains("\nbanyan_rooted 1.0\n")
        .contains("\nbanyan_joins_taken_total 1.0\n")
        .contains("\nbanyan_links 1.0\n")
        .contains("banyan_child_interest_bits{" + child + ",kind=\"worker\"} 64.0")
        .doesNotContain("banyan_store_");
  }

  @Test
  @DisplayName("A worker tells of its store, too")
  void worker() throws Exception {
    assertThat(metricsOf(cluster.worker()))
        .contains("\nbanyan_depth 1.0\n")
        .contains("\nbanyan_store_keys 0.0\n")
        .contains("\nbanyan_store_updates_total 0.0\n")
        .doesNotContain("banyan_child_interest_bits{");
  }

  @Test
  @DisplayName("OpenMetrics is spoken to who asks for it")
  void openMetrics() throws Exception {
    try (MetricsServer server = MetricsServer.open(ANY, cluster.root())) {
      HttpResponse<String> response =
          send(
              server,
              "/metrics",
              request -> request.header("Accept", "application/openmetrics-text"));

      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/openmetrics-text");
      assertThat(response.body()).endsWith("# EOF\n");
    }
  }

  @Test
  @DisplayName("A Prometheus that likes protobuf best gets a text that it takes as well")
  void protobufPreferred() throws Exception {
    String accept =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,";
    try (MetricsServer server = MetricsServer.open(ANY, cluster.root())) {
      for (String text : new String[] {"application/openmetrics-text", "text/plain"}) {
        HttpResponse<String> response =
            send(server, "/metrics", request -> request.header("Accept", accept + text + ";q=0.5"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(text);
        assertThat(response.body()).contains("banyan_rooted 1");
      }
    }
  }

  @Test
  @DisplayName("Whatever goes wrong is an answer, not a connection that is cut")
  void failure() throws Exception {
    Supplier<CompletableFuture<NodeSample>> broken =
        () -> {
          throw new NoClassDefFoundError("gone");
        };
    try (MetricsServer server = MetricsServer.open(ANY, broken)) {
      assertThat(send(server, "/metrics", request -> request).statusCode()).isEqualTo(500);
    }
  }

  @Test
  @DisplayName("A request for the headers alone gets no body, and is nothing to be warned of")
  void head() throws Exception {
    AtomicInteger warnings = new AtomicInteger();
    Handler counter =
        new StreamHandler() {
          @Override
          public synchronized void publish(LogRecord entry) {
            warnings.incrementAndGet();
          }
        };
    Logger http = Logger.getLogger("com.sun.net.httpserver");
    http.addHandler(counter);
    try (MetricsServer server = MetricsServer.open(ANY, cluster.root())) {
      for (String path : new String[] {"/metrics", "/"}) {
        HttpResponse<String> response = send(server, path, HttpRequest.Builder::HEAD);
        assertThat(response.statusCode()).isEqualTo(path.equals("/") ? 404 : 405);
        assertThat(response.body()).isEmpty();
      }
    } finally {
      http.removeHandler(counter);
    }
    assertThat(warnings).hasValue(0);
  }

  @Test
  @DisplayName("Nothing else is served, and nothing but reading")
  void nothingElse() throws Exception {
    try (MetricsServer server = MetricsServer.open(ANY, cluster.root())) {
      assertThat(send(server, "/", request -> request).statusCode()).isEqualTo(404);
      assertThat(send(server, "/metrics", HttpRequest.Builder::DELETE).statusCode()).isEqualTo(405);
    }
  }

  @Test
  @DisplayName("A port in use is told in one line")
  void portInUse() {
    try (MetricsServer first = MetricsServer.open(ANY, cluster.root())) {
      assertThatThrownBy(() -> MetricsServer.open(first.address(), cluster.root()))
          .isInstanceOf(StartException.class)
          .hasMessage(
              "cannot serve metrics on "
                  + first.address()
                  + ": another process has that port; choose another with --metrics HOST:PORT");
    }
  }

  private String metricsOf(RunningNode node) throws IOException, InterruptedException {
    try (MetricsServer server = MetricsServer.open(ANY, node)) {
      HttpResponse<String> response = send(server, "/metrics", request -> request);
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    }
  }

  private HttpResponse<String> send(
      MetricsServer server, String path, UnaryOperator<HttpRequest.Builder> with)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + server.address() + path);
    return http.send(
        with.apply(HttpRequest.newBuilder(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
