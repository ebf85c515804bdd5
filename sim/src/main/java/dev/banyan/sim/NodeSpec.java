package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Sealing;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What runs on a host, at each of its starts.
public record NodeSpec(NodeKind kind, TreeConfig config, Program program, Naming naming) {

  private static final Tagger GROUP = new SipTagger(1, 2);

  /// Names a host, once.
  @FunctionalInterface
  public interface Naming {
    /// @param otherwise what it is named if it has no name of its own
    NodeId name(NodeId otherwise);
  }

  public NodeSpec(NodeKind kind, TreeConfig config, Program program) {
    this(kind, config, program, otherwise -> otherwise);
  }

  /// Builds a machine.
  @FunctionalInterface
  public interface Program {
    Built build(
        Identity identity,
        TreeConfig config,
        List<Address> roots,
        RandomGenerator random,
        WallClock wall);
  }

  /// @param view how to look at the tree's node in the machine; null when it has none
  /// @param session of the writer in the machine; null when it has none
  public record Built(
      Machine machine, @Nullable Supplier<NodeView> view, @Nullable Session session) {

    public Built(Machine machine, @Nullable Supplier<NodeView> view) {
      this(machine, view, null);
    }
  }

  /// A bare node of the tree.
  public static NodeSpec tree(NodeKind kind, TreeConfig config) {
    return new NodeSpec(kind, config, NodeSpec::buildTree);
  }

  /// A node of the tree that cuts sealed batches down for links that want some of what is in them, as all do where members seal.
  public static NodeSpec pruning(NodeKind kind, TreeConfig config, Pruner pruner) {
    return new NodeSpec(
        kind,
        config,
        (identity, tree, roots, random, wall) -> {
          TreeNode node = new TreeNode(identity, tree, roots, random, wall, pruner);
          return new Built(node, node::view);
        });
  }

  /// A worker: the store around a client's node, its payloads in clear, all of one group.
  public static NodeSpec worker(TreeConfig config) {
    return worker(config, StoreConfig.DEFAULT);
  }

  public static NodeSpec worker(TreeConfig config, StoreConfig store) {
    return worker(config, store, GROUP);
  }

  /// @param tagger of the group; all workers that are to understand each other have the same
  public static NodeSpec worker(TreeConfig config, StoreConfig store, Tagger tagger) {
    return worker(config, store, tagger, Worker.group(tagger, store));
  }

  /// A worker that is not set to what it says.
  public static NodeSpec pretender(TreeConfig config, StoreConfig store, StoreConfig said) {
    return worker(config, store, GROUP, Worker.group(GROUP, said));
  }

  private static NodeSpec worker(TreeConfig config, StoreConfig store, Tagger tagger, Group said) {
    return new NodeSpec(
        NodeKind.CLIENT,
        config,
        (identity, tree, roots, random, wall) ->
            worker(
                identity.withGroup(said),
                tree,
                roots,
                random,
                wall,
                store,
                tagger,
                _ -> Sealing.CLEAR,
                null));
  }

  private static Built worker(
      Identity identity,
      TreeConfig tree,
      List<Address> roots,
      RandomGenerator random,
      WallClock wall,
      StoreConfig store,
      Tagger tagger,
      Function<Session, Sealing> sealing,
      @Nullable Pruner pruner) {
    TreeNode node = new TreeNode(identity, tree, roots, random, wall, pruner);
    Session session = new Session(random.nextLong(), random.nextLong());
    Worker worker = new Worker(node, wall, store, session, tagger, sealing.apply(session), random);
    return new Built(worker, node::view, session);
  }

  /// A worker of a group whose members seal what they write.
  public static NodeSpec sealed(TreeConfig config, StoreConfig store, LocalGroup group) {
    return sealed(config, store, group, null);
  }

  /// The same.
  ///
  /// @param pruner cuts down what the worker writes, for a parent that wants some of it; null for nobody
  public static NodeSpec sealed(
      TreeConfig config, StoreConfig store, LocalGroup group, @Nullable Pruner pruner) {
    return new NodeSpec(
        NodeKind.CLIENT,
        config,
        (identity, tree, roots, random, wall) ->
            worker(
                identity.withGroup(Worker.group(GROUP, store)),
                tree,
                roots,
                random,
                wall,
                store,
                GROUP,
                session -> group.sealing(identity.node(), session),
                pruner),
        _ -> group.admit());
  }

  /// Anything else that is driven like a node.
  public static NodeSpec scripted(NodeKind kind, Supplier<? extends Machine> machine) {
    return new NodeSpec(
        kind,
        TreeConfig.DEFAULT,
        (identity, config, roots, random, wall) -> new Built(machine.get(), null));
  }

  private static Built buildTree(
      Identity identity,
      TreeConfig config,
      List<Address> roots,
      RandomGenerator random,
      WallClock wall) {
    TreeNode node = new TreeNode(identity, config, roots, random, wall);
    return new Built(node, node::view);
  }
}
