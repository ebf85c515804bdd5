package dev.banyan.node.local;

import dev.banyan.node.MachineTap;
import dev.banyan.node.RunningNode;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Starts the nodes of one tree in this process.
///
/// @param tree its name
/// @param tagKey with which its workers hide keys; none for what comes of the tree's name
/// @param random seeds what is random about them; who they are only where that need not be proven
public record LocalNodes(
    TcpHost host,
    String tree,
    TreeConfig config,
    Optional<NodeSettings.TagKey> tagKey,
    RandomGenerator random) {

  /// One of them.
  ///
  /// @param listen where it takes children, unless it is a worker
  /// @param roots none for the root
  /// @param links who it is, if that is proven; else it and all others speak in clear
  /// @param reports told what happens to it, on its loop
  /// @param tap what sees all that it does, made for its id
  public RunningNode start(
      NodeKind kind,
      Address listen,
      List<Address> roots,
      StoreConfig store,
      Optional<TrustedLinks> links,
      Consumer<Effect.Report> reports,
      Function<NodeId, MachineTap> tap) {
    NodeId told = new NodeId(random.nextLong());
    NodeId id = links.map(TrustedLinks::node).orElse(told);
    NodeSettings settings =
        new NodeSettings(
            kind,
            kind.routes() ? Optional.of(listen) : Optional.empty(),
            Optional.empty(),
            roots,
            tree,
            Optional.of(id),
            config,
            Optional.empty(),
            List.of(),
            kind == NodeKind.CLIENT ? tagKey : Optional.empty(),
            store,
            Optional.empty(),
            1,
            "auto",
            false);
    return RunningNode.start(
        host, settings, random, reports, tap.apply(id), links.map(each -> each));
  }
}
