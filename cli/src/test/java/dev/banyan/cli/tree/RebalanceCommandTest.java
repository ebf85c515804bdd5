package dev.banyan.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.node.Cluster;
import dev.banyan.node.RunningNode;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.TreeConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/// `rebalance` over real sockets.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RebalanceCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static TreeConfig config(TreeConfig.Reallocation when) {
    return TreeConfig.DEFAULT
        .withTiming(TreeConfig.Timing.DEFAULT.dividedBy(10))
        .withRules(TreeConfig.Rules.DEFAULT.withReallocation(when));
  }

  private int run(Cluster cluster, String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine banyan = BanyanCommand.commandLine(BanyanCommand.COMMANDS);
    banyan.setOut(new PrintWriter(out, true));
    banyan.setErr(new PrintWriter(err, true));
    List<String> arguments =
        new ArrayList<>(List.of("rebalance", "--root", cluster.root().address().toString()));
    arguments.addAll(List.of(options));
    return banyan.execute(arguments.toArray(String[]::new));
  }

  private JsonNode plan(Cluster cluster, String... options) {
    List<String> all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(options));
    assertThat(run(cluster, all.toArray(String[]::new))).as(err.toString()).isZero();
    return Json.parse(out.toString());
  }

  /// The second of two workers joins where the first is not; then both use the same keys.
  @Test
  @Timeout(60)
  void two_that_share_keys_are_told_of_and_then_brought_together() {
    try (Cluster cluster = new Cluster(config(TreeConfig.Reallocation.ON_REQUEST))) {
      cluster.router();
      cluster.router();
      List<RunningNode> workers = List.of(cluster.worker(), cluster.worker(), cluster.worker());
      try (DoorServer one = workers.get(0).openDoor(new Address("127.0.0.1", 0), List.of());
          DoorServer other = workers.get(1).openDoor(new Address("127.0.0.1", 0), List.of());
          Banyan here = Banyan.connect(one.address().toString());
          Banyan there = Banyan.connect(other.address().toString())) {
        JsonNode proposed = Json.parse("{}");
        while (proposed.path("moveCount").asInt() == 0) {
          write(here, there);
          proposed = plan(cluster, "--dry-run");
        }
        assertThat(proposed.path("state").asText()).isEqualTo("proposed");
        assertThat(proposed.path("crossingsPerSecond").asDouble()).isPositive();
        assertThat(proposed.at("/moves/0/usersThere").asInt()).isEqualTo(1);

        while (plan(cluster).path("moveCount").asInt() > 0) {
          write(here, there);
        }
        assertThat(plan(cluster, "--dry-run").path("crossingsPerSecond").asDouble()).isZero();
        assertThat(run(cluster, "--dry-run")).isZero();
        assertThat(out.toString()).contains("nothing to win");
      }
    }
  }

  private static void write(Banyan... doors) {
    for (Banyan door : doors) {
      for (int key = 0; key < 5; key++) {
        door.put("key" + key, new byte[1]);
      }
    }
  }

  @Test
  void a_root_that_moves_nobody_says_so_in_one_line() {
    try (Cluster cluster = new Cluster(config(TreeConfig.Reallocation.OFF))) {
      assertThat(run(cluster, "--dry-run")).isEqualTo(UserError.FAILED);
      assertThat(err.toString().lines()).hasSize(1);
      assertThat(err.toString()).contains("--reallocation off");
    }
  }
}
