package dev.banyan.cli.nodes;

import static dev.banyan.cli.nodes.BanyanProcesses.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.console.UserError;
import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// `banyan root`, `router` and `worker` as processes, as an operator meets them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class NodeProcessTest {

  private final BanyanProcesses processes = new BanyanProcesses();

  @AfterEach
  void end() {
    processes.close();
  }

  @Test
  void nodes_say_when_they_listen_and_when_they_have_a_place_and_a_signal_stops_them_cleanly()
      throws IOException, InterruptedException {
    aWorkerJoinsAndStops();
  }

  @Test
  void a_signal_stops_nodes_that_poll_busily_too() throws IOException, InterruptedException {
    assumeThat(Epoll.isAvailable()).isTrue();
    aWorkerJoinsAndStops("--busy-poll");
  }

  private void aWorkerJoinsAndStops(String... options) throws IOException, InterruptedException {
    Process root = banyan(with(options, "root", "--json", "--listen", "127.0.0.1:0"));
    JsonNode rootUp = event(root.inputReader(), "listening");
    String address = rootUp.path("address").asText();

    Process worker =
        banyan(with(options, "worker", "--json", "--root", address, "--door", "127.0.0.1:0"));
    BufferedReader workerEvents = worker.inputReader();
    assertThat(event(workerEvents, "listening").path("door").asText()).startsWith("127.0.0.1:");
    assertThat(event(workerEvents, "attached").path("other").asText())
        .isEqualTo(rootUp.path("node").asText());

    worker.destroy();
    assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(event(root.inputReader(), "child-lost").path("detail").asText()).isNotEmpty();
    root.destroy();
    assertThat(root.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(root.exitValue()).isZero();
  }

  @Test
  void a_port_in_use_is_one_line_and_a_failure() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process root = banyan("root", "--listen", "127.0.0.1:" + taken.getLocalPort());
      String error = new String(root.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(root.waitFor()).isEqualTo(UserError.FAILED);
      assertThat(error.lines())
          .singleElement()
          .asString()
          .contains("another process has that port")
          .contains("--listen");
    }
  }

  @Test
  void a_worker_whose_root_is_not_there_says_so_and_keeps_trying() throws IOException {
    Process worker = banyan("worker", "--root", "127.0.0.1:1", "--door", "127.0.0.1:0");
    try (BufferedReader errors = worker.errorReader()) {
      assertThat(errors.readLine())
          .matches(
              "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z banyan: no place in the tree yet: root 127.0.0.1:1: .*")
          .endsWith("; still trying");
    }
    assertThat(worker.isAlive()).isTrue();
  }

  @Test
  void a_router_that_is_to_tell_more_tells_what_happens_and_not_what_its_libraries_think()
      throws IOException, InterruptedException {
    Process root = banyan("root", "-vv", "--listen", "127.0.0.1:0");
    String listening = root.inputReader().readLine();
    String address = listening.substring(listening.lastIndexOf(' ') + 1);
    banyan("worker", "--root", address, "--door", "127.0.0.1:0");
    try (BufferedReader errors = root.errorReader()) {
      String line;
      do {
        line = errors.readLine();
        assertThat(line).matches("\\d{4}-\\d\\d-\\d\\dT.*").doesNotContain("netty");
      } while (!line.contains("banyan: child attached "));
      assertThat(line).endsWith(" (worker)");
    }
  }

  private static String[] with(String[] options, String... command) {
    return Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new);
  }

  private Process banyan(String... arguments) throws IOException {
    return processes.start(List.of(), arguments);
  }
}
