package dev.banyan.studio.demo;

import dev.banyan.node.MachineTap;
import dev.banyan.node.NodeStatus;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.local.LocalNodes;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import dev.banyan.store.worker.Worker;
import dev.banyan.transport.TcpHost;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// All members in this process, each with sockets of its own on loopback.
final class LocalTroupe implements Troupe {

  private static final Address ANY_PORT = new Address("127.0.0.1", 0);

  private final DemoOptions options;
  private final Optional<ThrowAwayGroup> group;
  private final Listener listener;
  private final LossLedger losses;
  private final TcpHost host;
  private final LocalNodes nodes;
  private List<Address> roots = List.of();

  /// @param group none for nodes that prove nothing
  LocalTroupe(
      DemoOptions options, Optional<ThrowAwayGroup> group, Listener listener, LossLedger losses) {
    this.options = options;
    this.group = group;
    this.listener = listener;
    this.losses = losses;
    this.host = TcpHosts.open(Math.max(1, Runtime.getRuntime().availableProcessors()));
    this.nodes =
        new LocalNodes(
            host,
            DemoOptions.TREE,
            options.tree(),
            group.map(ThrowAwayGroup::tagKey),
            RandomSource.of(options.seed() ^ 0x5eed));
  }

  @Override
  public Member start(NodeKind kind, String name) {
    CompletableFuture<Member> member = new CompletableFuture<>();
    RunningNode node =
        nodes.start(
            kind,
            ANY_PORT,
            roots,
            options.store(),
            group.map(all -> all.member(kind)),
            report -> member.thenAccept(known -> listener.onReport(known, report)),
            id -> kind == NodeKind.CLIENT ? losses.tap(id) : MachineTap.NONE);
    Member local = new LocalMember(name, node, losses);
    member.complete(local);
    if (kind == NodeKind.ROOT) {
      roots = List.of(node.address());
    }
    return local;
  }

  @Override
  public void close() {
    host.close();
  }

  private record LocalMember(String name, RunningNode node, LossLedger losses) implements Member {

    @Override
    public NodeId id() {
      return node.id();
    }

    @Override
    public NodeKind kind() {
      return node.kind();
    }

    @Override
    public CompletableFuture<Glimpse> look() {
      return node.status().thenApply(LocalMember::glimpse);
    }

    private static Glimpse glimpse(NodeStatus status) {
      Map<String, Long> counters = new HashMap<>();
      for (Message.Counter counter : status.counters()) {
        counters.merge(counter.name(), counter.value(), Long::sum);
      }
      var view = status.view();
      return new Glimpse(
          view.node(),
          view.kind(),
          view.rooted(),
          view.level(),
          view.parent(),
          view.imbalance(),
          view.clients(),
          view.routers(),
          status.store().map(NodeStatus.Store::digest).orElse(0L),
          counters);
    }

    @Override
    public CompletableFuture<HeldKeys> replica() {
      return node.inspect(worker -> {
        Map<String, HeldKeys.Held> held = new TreeMap<>();
        for (Worker.Held key : worker.held()) {
          held.put(
              key.key(),
              new HeldKeys.Held(key.version(), key.valueHash(), settled(worker, key.key())));
        }
        return new HeldKeys(held);
      });
    }

    private static boolean settled(Worker worker, String key) {
      for (long tag : worker.tagsOf(key)) {
        if (worker.isSettled(tag)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public CompletableFuture<Version> put(String key, byte[] value) {
      return node.store()
          .orElseThrow()
          .ask(request -> new StoreCommand.Put(request, key, Bytes.wrap(value)))
          .thenApply(outcome -> {
            if (outcome instanceof StoreOutcome.Written written) {
              return written.version();
            }
            throw new IllegalStateException("a put came back as " + outcome);
          });
    }

    @Override
    public CompletableFuture<Boolean> get(String key) {
      return node.store()
          .orElseThrow()
          .ask(request -> new StoreCommand.Get(request, key))
          .thenApply(outcome ->
              (outcome instanceof StoreOutcome.Value value && !value.stale())
                  || (outcome instanceof StoreOutcome.Absent absent && !absent.stale()))
          .whenComplete((upToDate, failure) -> expectUpdates(key));
    }

    /// From now on every update of the key must reach this worker, if the worker itself says that it is settled on it.
    private void expectUpdates(String key) {
      node.inspect(worker -> {
        long[] tags = Arrays.stream(worker.tagsOf(key)).filter(worker::isSettled).toArray();
        losses.settled(node.id(), tags);
        return tags.length;
      });
    }

    @Override
    public void kill() {
      node.kill();
    }

    @Override
    public void hang() {
      node.hang();
    }

    @Override
    public void resume() {
      node.resume();
    }
  }
}
