package dev.banyan.cli.nodes;

import static dev.banyan.cli.nodes.BanyanProcesses.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// How workers' processes end, and what they do when they are full.
@DisplayNameGeneration(ReplaceUnderscores.class)
class StopProcessTest {

  private final BanyanProcesses processes = new BanyanProcesses();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String root = "";

  @AfterEach
  void end() {
    processes.close();
  }

  /// A worker that has its place.
  private record Joined(Process process, BufferedReader events, String door) {}

  private Process startRoot() throws IOException {
    Process process = banyan(List.of(), "root", "--json", "--listen", "127.0.0.1:0");
    root = event(process.inputReader(), "listening").path("address").asText();
    return process;
  }

  private Joined worker(String... options) throws IOException {
    return worker(List.of(), options);
  }

  private Joined worker(List<String> jvm, String... options) throws IOException {
    String[] command = {"worker", "--json", "--root", root, "--door", "127.0.0.1:0"};
    Process process =
        banyan(
            jvm,
            Stream.concat(Arrays.stream(command), Arrays.stream(options)).toArray(String[]::new));
    BufferedReader events = process.inputReader();
    String door = event(events, "listening").path("door").asText();
    event(events, "attached");
    return new Joined(process, events, door);
  }

  private HttpResponse<byte[]> put(Joined worker, String key, byte[] value)
      throws IOException, InterruptedException {
    return http.send(
        request(worker, key).PUT(HttpRequest.BodyPublishers.ofByteArray(value)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(Joined worker, String key)
      throws IOException, InterruptedException {
    return http.send(request(worker, key).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(Joined worker, String key) {
    return HttpRequest.newBuilder(URI.create("http://" + worker.door + "/v1/keys/" + key))
        .timeout(Duration.ofSeconds(60));
  }

  /// Unlike [Process#destroy], leaves its streams open.
  private static void signal(Joined worker) {
    worker.process.toHandle().destroy();
  }

  private static int stop(Joined worker) throws InterruptedException {
    signal(worker);
    assertThat(worker.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return worker.process.exitValue();
  }

  private static String errors(Joined worker) throws IOException {
    return new String(worker.process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void what_only_the_stopped_worker_held_is_read_at_another() throws Exception {
    startRoot();
    Joined first = worker("--batch", "1s");
    Joined second = worker();
    for (int i = 0; i < 5; i++) {
      assertThat(put(first, "k" + i, ("v" + i).getBytes(StandardCharsets.UTF_8)).statusCode())
          .isEqualTo(200);
    }
    assertThat(stop(first)).isZero();
    for (int i = 0; i < 5; i++) {
      HttpResponse<byte[]> read = get(second, "k" + i);
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(new String(read.body(), StandardCharsets.UTF_8)).isEqualTo("v" + i);
    }
    assertThat(errors(first)).doesNotContain("could");
  }

  @Test
  void the_last_worker_says_how_many_keys_are_lost_and_ends_with_a_code_of_its_own()
      throws Exception {
    startRoot();
    Joined alone = worker();
    put(alone, "only", new byte[10]);
    assertThat(stop(alone)).isEqualTo(UserError.LEFT);
    assertThat(errors(alone).lines())
        .filteredOn(line -> line.contains("lost"))
        .singleElement()
        .asString()
        .contains("1 key, for example 'only'")
        .contains("--drain-timeout");
  }

  @Test
  void a_second_signal_ends_a_stop_at_once() throws Exception {
    Process rootProcess = startRoot();
    Joined worker = worker("--drain-timeout", "10m");
    put(worker, "only", new byte[10]);
    rootProcess.destroyForcibly();
    event(worker.events, "orphaned");
    signal(worker);
    event(worker.events, "handing-over");
    signal(worker);
    assertThat(worker.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.process.exitValue()).isEqualTo(UserError.LEFT);
    assertThat(errors(worker)).contains("told to stop again");
  }

  @Test
  void a_full_worker_answers_every_request_stays_in_the_tree_and_recovers() throws Exception {
    startRoot();
    Joined small = worker(List.of("-Xmx64m"));
    byte[] value = new byte[1 << 20];
    int written = 0;
    for (int i = 0; i < 80; i++) {
      HttpResponse<byte[]> put = put(small, "k" + i, value);
      assertThat(put.statusCode())
          .as(() -> new String(put.body(), StandardCharsets.UTF_8))
          .isIn(200, 507);
      written += put.statusCode() == 200 ? 1 : 0;
    }
    assertThat(written).isBetween(8, 40);
    for (int i = 0; i < written; i++) {
      assertThat(get(small, "k" + i).body()).hasSize(value.length);
    }
    assertThat(get(small, "absent").statusCode()).isEqualTo(404);
    JsonNode status = status(small);
    assertThat(status.path("memory").path("usedBytes").asLong())
        .isLessThanOrEqualTo(status.path("memory").path("limitBytes").asLong());
    assertThat(status.path("counters").path("full").asInt()).isEqualTo(80 - written);

    HttpResponse<byte[]> deleted =
        http.send(request(small, "k0").DELETE().build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(put(small, "again", value).statusCode()).isEqualTo(200);
    Joined second = worker();
    assertThat(get(second, "again").body()).hasSize(value.length);
    assertThat(stop(small)).isZero();
    assertThat(get(second, "k1").body()).hasSize(value.length);
    String rest = small.events.lines().collect(Collectors.joining("\n"));
    assertThat(rest).as("it has not lost its place").doesNotContain("orphaned");
    assertThat(errors(small)).doesNotContain("OutOfMemory");
  }

  private JsonNode status(Joined worker) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + worker.door + "/v1/status")).build();
    return Json.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private Process banyan(List<String> jvm, String... arguments) throws IOException {
    return processes.start(jvm, arguments);
  }
}
