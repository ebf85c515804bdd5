package dev.banyan.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunningNodeTest {

  @Test
  void others_may_be_told_another_address_and_port_0_of_it_is_the_one_listened_on() {
    assertThat(told("tree.example:0").host()).isEqualTo("tree.example");
    assertThat(told("tree.example:0").port()).isPositive();
    assertThat(told("tree.example:7")).isEqualTo(new Address("tree.example", 7));
  }

  private static Address told(String advertise) {
    NodeSettings settings =
        new NodeSettings(
            NodeKind.ROOT,
            Optional.of(new Address("127.0.0.1", 0)),
            Optional.of(Address.parse(advertise)),
            List.of(),
            "main",
            Optional.empty(),
            TreeConfig.DEFAULT,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            StoreConfig.DEFAULT,
            Optional.empty(),
            1,
            "auto",
            false);
    try (TcpHost host = TcpHosts.open(1)) {
      RunningNode node =
          RunningNode.start(host, settings, RandomSource.of(1), report -> {}, MachineTap.NONE);
      assertThat(node.address().host()).isEqualTo("127.0.0.1");
      return node.sample().join().node().address();
    }
  }
}
