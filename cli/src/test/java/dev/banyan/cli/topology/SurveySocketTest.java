package dev.banyan.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.cli.node.Cluster;
import dev.banyan.cli.node.RunningNode;
import dev.banyan.protocol.NodeKind;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SurveySocketTest {

  @Test
  void a_live_tree_tells_its_routers_and_workers() throws IOException, InterruptedException {
    try (Cluster cluster = new Cluster()) {
      RunningNode router = cluster.router();
      RunningNode worker = cluster.worker();

      Topology topology =
          new Survey(new SurveySocket("main", 10_000)).from(cluster.root().address());

      assertThat(topology.root()).isEqualTo(cluster.root().id());
      assertThat(topology.routers()).containsKeys(cluster.root().id(), router.id());
      assertThat(topology.silent()).isEmpty();
      assertThat(topology.answerOf(router.id()).orElseThrow().children())
          .singleElement()
          .satisfies(child -> {
            assertThat(child.node()).isEqualTo(worker.id());
            assertThat(child.kind()).isEqualTo(NodeKind.CLIENT);
          });
    }
  }

  @Test
  void an_observer_of_another_tree_is_refused_with_the_reason() {
    try (Cluster cluster = new Cluster()) {
      assertThatThrownBy(() -> new SurveySocket("elsewhere", 10_000).ask(cluster.root().address()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("main");
    }
  }
}
