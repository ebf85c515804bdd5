package dev.banyan.cli.nodes;

import static dev.banyan.cli.nodes.BanyanProcesses.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cli.console.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two processes with one node id.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class NamesakeProcessTest {

  private static final String ID = "00000000000000aa";

  private final BanyanProcesses processes = new BanyanProcesses();

  @AfterEach
  void end() {
    processes.close();
  }

  @Test
  void the_younger_of_two_below_different_routers_ends_with_1_and_the_elder_says_so()
      throws IOException, InterruptedException {
    // One place for a worker at the root, which the elder keeps; the younger is sent to the router.
    Process root =
        banyan("root", "--listen", "127.0.0.1:0", "--child-clients", "1", "--rebalance", "1h");
    String address = event(root.inputReader(), "listening").path("address").asText();
    BufferedReader elder = worker(address).inputReader();
    String eldersParent = event(elder, "attached").path("other").asText();
    Process router = banyan("router", "--root", address, "--listen", "127.0.0.1:0");
    event(router.inputReader(), "attached");

    Process younger = worker(address);
    BufferedReader youngersEvents = younger.inputReader();
    assertThat(event(youngersEvents, "attached").path("other").asText()).isNotEqualTo(eldersParent);
    assertThat(event(youngersEvents, "namesake-was-first").path("detail").asText())
        .contains("give each node an id of its own");
    assertThat(younger.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(younger.exitValue()).isEqualTo(UserError.FAILED);
    assertThat(new String(younger.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).lines())
        .last()
        .asString()
        .contains(ID)
        .contains("give each node an id of its own");
    assertThat(event(elder, "namesake-refused").path("detail").asText())
        .contains("was told to leave");
  }

  private Process worker(String root) throws IOException {
    return banyan("worker", "--root", root, "--door", "127.0.0.1:0", "--node-id", ID);
  }

  private Process banyan(String command, String... options) throws IOException {
    String[] all = new String[options.length + 2];
    all[0] = command;
    all[1] = "--json";
    System.arraycopy(options, 0, all, 2, options.length);
    return processes.start(List.of(), all);
  }
}
