package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.node.text.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DemoTest {

  @TempDir private Path directory;

  @Test
  void section_6_1_twelve_nodes_join_work_and_die_until_only_the_root_is_left() throws Exception {
    StringWriter text = new StringWriter();
    Summary summary = DemoRun.play(options(12, 0.25, 3), new PrintWriter(text));

    assertThat(summary.violations()).isEmpty();
    assertThat(summary.nodesJoined()).isEqualTo(12);
    assertThat(summary.routers() + summary.clients()).isEqualTo(12);
    assertThat(summary.routers()).isPositive();
    assertThat(summary.killed()).isEqualTo(12);
    assertThat(summary.nodesLeft()).isZero();
    assertThat(summary.finalImbalance()).isZero();
    assertThat(summary.updates()).isPositive();
    assertThat(summary.deliveries()).isPositive();
    assertThat(summary.falseNegatives()).isZero();
    assertThat(summary.divergentReplicas()).isZero();
    assertThat(summary.replicaComparisons()).isPositive();
    assertThat(summary.lostInHealthyMoves()).isZero();
    assertThat(
            summary.orphansReattachedWithOneJoinRequest()
                + summary.orphansReattachedWithMoreJoinRequests()
                + summary.orphansKilledBeforeReattaching())
        .isEqualTo(summary.orphans());
    assertThat(summary.orphansWithoutParentAtTheEnd()).isZero();
    assertThat(summary.messagesPerRouterPerMulticast()).isGreaterThan(1);
    assertThat(summary.checks()).hasSizeGreaterThan(2).allMatch(Summary.Check::held);

    assertThat(directory).isDirectoryContaining("glob:**/figure2.png");
    assertThat(directory).isDirectoryContaining("glob:**/figure3.svg");
    JsonNode json = Json.parse(Files.readString(directory.resolve("summary.json")));
    assertThat(json.path("deliveries").asLong()).isEqualTo(summary.deliveries());
    assertThat(Json.parse(text.toString())).isEqualTo(json);
    assertNamed(json);
  }

  /// Machines rely on these names.
  private static void assertNamed(JsonNode json) {
    for (String name :
        List.of(
            "nodesJoined",
            "routers",
            "clients",
            "orphans",
            "orphansReattachedWithOneJoinRequest",
            "orphansReattachedWithMoreJoinRequests",
            "orphansWithoutParentAtTheEnd",
            "needlessRejoins",
            "maxImbalance",
            "finalImbalance",
            "meanClientDepthPeak",
            "updates",
            "deliveries",
            "duplicateDeliveries",
            "lostInHealthyMoves",
            "falseNegatives",
            "divergentReplicas",
            "messagesPerRouterPerMulticast",
            "wallSeconds")) {
      assertThat(json.path(name).isNumber()).as(name).isTrue();
    }
  }

  private DemoOptions options(int nodes, double routerShare, long seed) {
    return new DemoOptions(
        nodes, routerShare, 2, seed, 10, 50, 200, 0.3, false, Optional.of(directory), true);
  }
}
