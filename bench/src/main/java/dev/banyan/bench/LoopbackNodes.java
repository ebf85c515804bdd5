package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TcpOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Real nodes of one tree in this process, with their sockets, and what they report of joining and losing parents.
final class LoopbackNodes implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  static final WallClock WALL = _ -> System.currentTimeMillis();
  private static final long POLL_NANOS = 1_000_000;

  private final TcpHost host;
  private final TreeConfig config;
  private final SplittableRandom seeds;
  private final List<Member> members = Collections.synchronizedList(new ArrayList<>());
  private List<Address> roots;

  /// @param roots where to find one elsewhere; empty if one is to be started here
  LoopbackNodes(TcpOptions options, TreeConfig config, List<Address> roots, long seed) {
    this.host = TcpHost.open(options);
    this.config = config;
    this.roots = roots;
    this.seeds = new SplittableRandom(seed);
  }

  /// A node, its sockets, and its story so far. Counters are written on its loop and may be read anywhere.
  static final class Member {
    private final NodeId id;
    private final NodeKind kind;
    private @Nullable TcpNode node;
    private @Nullable TreeNode tree;
    private volatile @Nullable NodeId parent;
    private volatile long attachedAtNanos;
    private volatile int attachments;
    private volatile int orphanings;
    private volatile int moves;
    private volatile int requests;

    Member(NodeId id, NodeKind kind) {
      this.id = id;
      this.kind = kind;
    }

    NodeId id() {
      return id;
    }

    NodeKind kind() {
      return kind;
    }

    /// The present parent; empty for an orphan and for the root.
    Optional<NodeId> parent() {
      return Optional.ofNullable(parent);
    }

    boolean attached() {
      return parent != null || kind == NodeKind.ROOT;
    }

    /// When it last found a parent, on the clock of [System#nanoTime].
    long attachedAtNanos() {
      return attachedAtNanos;
    }

    /// Times it lost its parent.
    int orphanings() {
      return orphanings;
    }

    /// Moves its parent asked for.
    int moves() {
      return moves;
    }

    /// Join requests it sent.
    int requests() {
      return requests;
    }

    /// Times it found a parent.
    int attachments() {
      return attachments;
    }

    TcpNode node() {
      TcpNode started = node;
      if (started == null) {
        throw new IllegalStateException(id + " was not started");
      }
      return started;
    }

    CompletableFuture<NodeView> view() {
      return ask(TreeNode::view);
    }

    /// Asks the tree's node something, on its loop.
    <T> CompletableFuture<T> ask(Function<TreeNode, T> question) {
      TreeNode present = tree;
      if (present == null) {
        throw new IllegalStateException(id + " was not started");
      }
      return node().call(() -> question.apply(present));
    }

    private void hear(Effect effect) {
      if (effect instanceof Effect.Report report) {
        switch (report.kind()) {
          case ATTACHED -> {
            attachments++;
            attachedAtNanos = System.nanoTime();
            parent = report.other();
          }
          case ORPHANED -> {
            orphanings++;
            parent = null;
          }
          case MOVE_STARTED -> moves++;
          case JOIN_SENT -> requests++;
          default -> {}
        }
      }
    }
  }

  Member startRoot() {
    Member root = start(NodeKind.ROOT);
    roots = List.of(root.node().address());
    return root;
  }

  Member start(NodeKind kind) {
    return start(kind, tree -> tree, effect -> {});
  }

  /// @param wrap makes the machine to run around the tree's node
  /// @param listener gets reports and outcomes, on the node's loop
  Member start(NodeKind kind, Function<TreeNode, Machine> wrap, Consumer<Effect> listener) {
    return start(new NodeId(seeds.nextLong()), kind, wrap, listener);
  }

  /// The same, with a name of its own.
  Member start(
      NodeId id, NodeKind kind, Function<TreeNode, Machine> wrap, Consumer<Effect> listener) {
    Member member = new Member(id, kind);
    SplittableRandom random = seeds.split();
    long incarnation = seeds.nextLong();
    member.node =
        host.start(
            kind.routes() ? Optional.of(new Address(LOOPBACK, 0)) : Optional.empty(),
            address -> {
              TreeNode tree =
                  new TreeNode(
                      Identity.of(id, kind, address, incarnation),
                      config,
                      kind == NodeKind.ROOT ? List.of() : roots,
                      random,
                      WALL);
              member.tree = tree;
              return wrap.apply(tree);
            },
            effect -> {
              member.hear(effect);
              listener.accept(effect);
            });
    members.add(member);
    return member;
  }

  /// Cuts all of its connections: the process died.
  void kill(Member member) {
    members.remove(member);
    member.node().kill().join();
  }

  /// A copy.
  List<Member> members() {
    synchronized (members) {
      return List.copyOf(members);
    }
  }

  long unattached() {
    return members().stream().filter(member -> !member.attached()).count();
  }

  /// Hops from the root to the node farthest from it.
  int depth() {
    List<CompletableFuture<NodeView>> views = members().stream().map(Member::view).toList();
    return views.stream().mapToInt(view -> get(view).level()).max().orElse(0);
  }

  @Override
  public void close() {
    host.close();
  }

  /// Waits until something is so, for at most that long.
  ///
  /// @return whether it came about
  static boolean await(Duration limit, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(POLL_NANOS);
    }
    return true;
  }

  /// What a node's loop answers.
  static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchmarkException("a node's loop does not answer: " + e.getMessage(), e);
    }
  }
}
