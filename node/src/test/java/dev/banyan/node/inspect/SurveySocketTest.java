package dev.banyan.node.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.node.Cluster;
import dev.banyan.node.RunningNode;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void an_answer_that_trickles_in_is_not_waited_for_beyond_the_timeout() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor()) {
      Address address = new Address("127.0.0.1", server.getLocalPort());
      drip.execute(() -> {
        try {
          OutputStream out = server.accept().getOutputStream();
          out.write(new byte[] {0, 1, 0, 0});
          drip.scheduleAtFixedRate(() -> write(out), 20, 20, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });

      assertThatThrownBy(() -> new SurveySocket("main", 300).ask(address))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage(address + " gave no answer within 300 ms");
      drip.shutdownNow();
    }
  }

  private static void write(OutputStream out) {
    try {
      out.write(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
