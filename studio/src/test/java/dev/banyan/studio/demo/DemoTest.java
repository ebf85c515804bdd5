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
    assertThat(summary.nodes().joined()).isEqualTo(12);
    assertThat(summary.nodes().routers() + summary.nodes().clients()).isEqualTo(12);
    assertThat(summary.nodes().routers()).isPositive();
    assertThat(summary.nodes().killed()).isEqualTo(12);
    assertThat(summary.nodes().left()).isZero();
    assertThat(summary.tree().finalImbalance()).isZero();
    assertThat(summary.traffic().updates()).isPositive();
    assertThat(summary.traffic().deliveries()).isPositive();
    assertThat(summary.replicas().falseNegatives()).isZero();
    assertThat(summary.replicas().divergent()).isZero();
    assertThat(summary.replicas().comparisons()).isPositive();
    assertThat(summary.replicas().lostInHealthyMoves()).isZero();
    assertThat(
            summary.orphans().reattachedWithOneJoinRequest()
                + summary.orphans().reattachedWithMoreJoinRequests()
                + summary.orphans().killedBeforeReattaching())
        .isEqualTo(summary.orphans().all());
    assertThat(summary.orphans().withoutParentAtTheEnd()).isZero();
    assertThat(summary.traffic().messagesPerRouterPerMulticast()).isGreaterThan(1);
    assertThat(summary.checks()).hasSizeGreaterThan(2).allMatch(Summary.Check::held);

    assertThat(directory).isDirectoryContaining("glob:**/figure2.png");
    assertThat(directory).isDirectoryContaining("glob:**/figure3.svg");
    JsonNode json = Json.parse(Files.readString(directory.resolve("summary.json")));
    assertThat(json.path("secure").asBoolean(true)).isFalse();
    assertThat(json.path("recordsRefused").asLong(-1)).isZero();
    assertThat(json.path("deliveries").asLong()).isEqualTo(summary.traffic().deliveries());
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
        nodes, routerShare, 2, seed, 10, 50, 200, 0.3, false, false, Optional.of(directory), true);
  }
}
