package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.transport.TcpOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.stream.Stream;

/// A root with two chains of routers below it, in a process of its own: what comes last joins at the end of the chain that
/// has fewer clients. Both sides of it: who asks, and the program that runs there.
final class InterestTree implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final TcpOptions TCP = TcpOptions.DEFAULT.withLoops(1);

  private final ChildJvm jvm;
  private final Address root;

  private InterestTree(ChildJvm jvm, Address root) {
    this.jvm = jvm;
    this.root = root;
  }

  /// @param depth routers of each chain; 0 for a root alone
  static InterestTree start(int depth, List<String> jvmOptions) throws InterruptedException {
    ChildJvm jvm =
        ChildJvm.start("tree", InterestTree.class, jvmOptions, List.of(String.valueOf(depth)));
    try {
      return new InterestTree(jvm, Address.parse(jvm.hear("listening ", START_LIMIT)));
    } catch (InterruptedException | RuntimeException e) {
      jvm.close();
      throw e;
    }
  }

  Address root() {
    return root;
  }

  /// What a parent holds of a child.
  record Held(int tags, int bits, long version, long answered, long sizeBytes) {
    String toLine() {
      return "held " + tags + " " + bits + " " + version + " " + answered + " " + sizeBytes;
    }

    static Held parse(String line) {
      String[] field = line.split(" ", -1);
      return new Held(
          Integer.parseInt(field[0]),
          Integer.parseInt(field[1]),
          Long.parseLong(field[2]),
          Long.parseLong(field[3]),
          Long.parseLong(field[4]));
    }
  }

  /// What the tree holds of a node that has joined it; nothing while nobody has it for a child.
  Optional<Held> held(NodeId child) throws InterruptedException {
    jvm.say("held " + child);
    String line = jvm.hear(ANSWER_LIMIT);
    return line.startsWith("held ") ? Optional.of(Held.parse(line.substring(5))) : Optional.empty();
  }

  /// Whether the root holds no more tags than that, and the tree tells all of them apart: as before anybody joined.
  boolean isIdle(int tags) throws InterruptedException {
    jvm.say("idle " + tags);
    return Boolean.parseBoolean(jvm.hear("idle ", ANSWER_LIMIT));
  }

  @Override
  public void close() {
    jvm.close();
  }

  static void main(String[] arguments) throws Exception {
    int depth = Integer.parseInt(arguments[0]);
    TreeConfig fork = TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 64));
    TreeConfig chain = TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(1, 64));
    try (LoopbackNodes top = new LoopbackNodes(TCP, fork, List.of(), 1);
        Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
      LoopbackNodes.Member root = top.startRoot();
      Address at = root.node().address();
      try (LoopbackNodes routers = new LoopbackNodes(TCP, chain, List.of(at), 2)) {
        for (int i = 0; i < 2 * depth; i++) {
          routers.start(NodeKind.ROUTER);
          // One after the other, and each known to the root: so that the chains grow alike.
          int expected = i + 1;
          if (!LoopbackNodes.await(
              START_LIMIT, () -> LoopbackNodes.get(root.view()).routers() == expected)) {
            System.out.println("failed: a router found no parent");
            return;
          }
        }
        System.out.println("listening " + at);
        while (in.hasNextLine()) {
          String[] command = in.nextLine().split(" ", -1);
          System.out.println(
              command[0].equals("held")
                  ? held(root, routers, NodeId.parse(command[1]))
                  : "idle " + isIdle(root, routers, Integer.parseInt(command[1])));
        }
      }
    }
  }

  private static boolean isIdle(LoopbackNodes.Member root, LoopbackNodes routers, int tags) {
    return Stream.concat(Stream.of(root), routers.members().stream())
        .map(router -> LoopbackNodes.get(router.ask(node -> node.interest())))
        .allMatch(
            told -> told.tags() <= tags && told.bits() == Long.SIZE && told.aim() % Long.SIZE == 0);
  }

  private static String held(LoopbackNodes.Member root, LoopbackNodes routers, NodeId child) {
    return Stream.concat(Stream.of(root), routers.members().stream())
        .flatMap(router ->
            LoopbackNodes.get(router.ask(tree -> tree.answer(new Message.Survey(1))))
                .children()
                .stream())
        .filter(neighbour -> neighbour.node().equals(child))
        .map(Message.Neighbour::interest)
        .map(i -> new Held(i.tags(), i.bits(), i.version(), i.answered(), i.sizeBytes()).toLine())
        .findFirst()
        .orElse("none");
  }
}
