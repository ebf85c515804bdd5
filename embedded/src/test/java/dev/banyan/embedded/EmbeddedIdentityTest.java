package dev.banyan.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.client.UnavailableException;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.local.LocalNodes;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers within programs, in trees whose nodes prove who they are.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class EmbeddedIdentityTest {

  @TempDir Path home;

  private final ThrowAwayGroup group = new ThrowAwayGroup("main", StoreConfig.DEFAULT);

  private RunningNode root(TcpHost host) {
    TreeConfig config = TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.ofNewTree());
    return new LocalNodes(host, "main", config, Optional.empty(), RandomSource.of(1))
        .start(
            NodeKind.ROOT,
            new Address("127.0.0.1", 0),
            List.of(),
            StoreConfig.DEFAULT,
            Optional.of(group.member(NodeKind.ROOT)),
            _ -> {},
            _ -> MachineTap.NONE);
  }

  private Path identity(String name, NodeKind kind) throws TrustException {
    Path file = home.resolve(name + ".identity");
    TrustFiles.create(file, FileKind.IDENTITY, group.identity(kind).bytes());
    return file;
  }

  @Test
  void workers_with_identities_share_a_tree_that_takes_no_others() throws Exception {
    try (TcpHost host = TcpHosts.open(1)) {
      String root = root(host).address().toString();
      JoinOptions to = JoinOptions.to(root);
      try (EmbeddedBanyan one =
              EmbeddedBanyan.join(to.withIdentity(identity("one", NodeKind.CLIENT)));
          EmbeddedBanyan other =
              EmbeddedBanyan.join(to.withIdentity(identity("other", NodeKind.CLIENT)))) {
        one.put("a/key", "value");
        assertThat(other.get("a/key").orElseThrow().text()).isEqualTo("value");
      }
    }
  }

  @Test
  void what_cannot_be_used_is_one_line() throws Exception {
    Path router = identity("router", NodeKind.ROUTER);
    JoinOptions to = JoinOptions.to("127.0.0.1:1");
    assertThatThrownBy(() -> to.withIdentity(router))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is the identity of a router, and this is a worker");
    JoinOptions mistyped = to.withToken("banyan1-mistyped", home.resolve("new.identity"));
    assertThatThrownBy(() -> EmbeddedBanyan.join(mistyped))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("token");
  }
}
