package dev.banyan.cli.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.Cluster;
import dev.banyan.node.MachineTap;
import dev.banyan.node.NodeLog;
import dev.banyan.node.RunningNode;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A node whose machine throws where no link is to blame.
@DisplayNameGeneration(ReplaceUnderscores.class)
class NodeFailureTest {

  private final NodeLog log =
      new NodeLog(
          NodeKind.ROOT,
          List.of(),
          false,
          new PrintWriter(new StringWriter()),
          new PrintWriter(new StringWriter()));

  @Test
  void the_process_of_a_node_whose_machine_failed_ends_with_a_line_and_a_failure() {
    MachineTap broken =
        (event, effects, nowNanos) -> {
          if (event instanceof Event.TimerFired) {
            throw new IllegalStateException("out of its mind");
          }
        };
    try (Cluster cluster = new Cluster()) {
      RunningNode node = cluster.router(broken);
      CompletableFuture<Void> ended = node.closed().orTimeout(60, TimeUnit.SECONDS);

      assertThatThrownBy(() -> NodeCommand.untilFailure(ended, new CompletableFuture<>(), log))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("this node failed and has left the tree")
          .hasMessageContaining("out of its mind")
          .hasMessageContaining("start the node again")
          .satisfies(
              failure -> assertThat(((UserError) failure).exitCode()).isEqualTo(UserError.FAILED));
    }
  }
}
