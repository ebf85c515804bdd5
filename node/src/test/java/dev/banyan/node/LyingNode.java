package dev.banyan.node;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// A node over real sockets that does not keep to the protocol, for tests: an honest one without a store, whose events a
/// lie sees first.
final class LyingNode {

  private static final Address ANY = new Address("127.0.0.1", 0);

  /// What is done instead of what is right.
  interface Lie {

    /// The honest node, and nothing else.
    Lie NONE = new Lie() {};

    /// What the honest node hears in place of this; nothing if that is empty.
    ///
    /// @param parent the link to the parent, while there is one
    /// @param effects takes what the liar does of its own
    default Optional<Event> hears(
        Event event, Optional<LinkId> parent, long nowNanos, Effects effects) {
      return Optional.of(event);
    }

    /// What it does in place of this.
    default Effect instead(Effect effect) {
      return effect;
    }
  }

  private final NodeId id;
  private final AtomicInteger orphaned = new AtomicInteger();
  private final CompletableFuture<NodeId> parent = new CompletableFuture<>();
  private final CompletableFuture<TcpNode> node = new CompletableFuture<>();

  private LyingNode(NodeId id) {
    this.id = id;
  }

  /// Starts one that looks for a place as others do.
  static LyingNode start(
      TcpHost host, NodeKind kind, TreeConfig config, Address root, long id, Lie lie) {
    LyingNode liar = new LyingNode(new NodeId(id));
    Optional<Address> listen = kind.routes() ? Optional.of(ANY) : Optional.empty();
    liar.node.complete(
        host.start(
            listen, bound -> liar.machine(kind, config, bound, root, lie), liar::noteReport));
    return liar;
  }

  private Machine machine(NodeKind kind, TreeConfig config, Address bound, Address root, Lie lie) {
    Address address = kind.routes() ? bound : Address.NONE;
    TreeNode honest =
        new TreeNode(
            Identity.of(id, kind, address, 1),
            config,
            List.of(root),
            RandomSource.of(id.value()),
            _ -> System.currentTimeMillis());
    return (event, nowNanos, effects) -> {
      Effects meant = new Effects();
      lie.hears(event, honest.view().parentLink(), nowNanos, effects)
          .ifPresent(heard -> honest.handle(heard, nowNanos, meant));
      for (Effect effect : meant) {
        effects.add(lie.instead(effect));
      }
    };
  }

  private void noteReport(Effect effect) {
    if (effect instanceof Effect.Report report) {
      switch (report.kind()) {
        case ATTACHED -> parent.complete(report.other());
        case ORPHANED -> orphaned.incrementAndGet();
        default -> {}
      }
    }
  }

  NodeId id() {
    return id;
  }

  /// Done once it has its first place.
  CompletableFuture<NodeId> attached() {
    return parent;
  }

  /// How often it has lost its place.
  int orphaned() {
    return orphaned.get();
  }

  void submit(Event event) {
    node.join().submit(event);
  }

  /// Hears of no limits to what it may want.
  static final Lie UNLIMITED =
      new Lie() {
        @Override
        public Optional<Event> hears(
            Event event, Optional<LinkId> parent, long nowNanos, Effects effects) {
          return Optional.of(
              event instanceof Event.Received(LinkId link, Message message)
                  ? new Event.Received(link, unlimited(message))
                  : event);
        }
      };

  private static Message unlimited(Message message) {
    if (message instanceof Message.Attached attached) {
      return new Message.Attached(
          attached.joiner(),
          attached.attempt(),
          attached.rootTerm(),
          attached.route(),
          attached.path(),
          Message.InterestLimits.UNSAID,
          attached.clockMillis(),
          attached.forgottenMillis());
    }
    if (message instanceof Message.Heartbeat beat
        && beat.side() instanceof Message.Heartbeat.FromParent said) {
      return new Message.Heartbeat(
          beat.rooted(),
          beat.rootTerm(),
          beat.interestVersion(),
          beat.interestHash(),
          beat.unwanted(),
          new Message.Heartbeat.FromParent(
              said.path(),
              said.aim(),
              said.asksUsage(),
              said.reassigning(),
              said.dialable(),
              Message.InterestLimits.UNSAID,
              said.clockMillis(),
              said.forgottenMillis()));
    }
    return message;
  }
}
