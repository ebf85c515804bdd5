package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeKind;
import dev.banyan.transport.IoEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// A share of a tree's nodes, in a process of its own: the program that runs there. It is told on standard input what
/// to start, and tells on standard output what came of it; see [ScaleBenchmark] for the other side.
final class NodeSlice {

  private static final long SAY_EVERY_NANOS = 1_000_000_000;
  private static final Duration JOIN_LIMIT = Duration.ofMinutes(10);

  private static final int MAX_TOLD = 20;

  private final AtomicInteger told = new AtomicInteger();
  private final LoopbackNodes nodes;
  private final int window;

  private NodeSlice(LoopbackNodes nodes, int window) {
    this.nodes = nodes;
    this.window = window;
  }

  /// What the other side hands over.
  ///
  /// @param root where the tree's root is; [Address#NONE] to start it here
  /// @param window nodes that may be on their way to a parent at one time
  record Task(TreeSetup setup, long seed, int window, Address root) {

    List<String> toArguments() {
      return Stream.of(
              setup.heartbeat().toMillis(),
              setup.childRouters(),
              setup.childClients(),
              setup.loops(),
              setup.engine(),
              seed,
              window,
              root)
          .map(String::valueOf)
          .toList();
    }

    static Task parse(String[] arguments) {
      return new Task(
          new TreeSetup(
              Duration.ofMillis(Long.parseLong(arguments[0])),
              Integer.parseInt(arguments[1]),
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]),
              IoEngine.valueOf(arguments[4])),
          Long.parseLong(arguments[5]),
          Integer.parseInt(arguments[6]),
          arguments[7].startsWith(":") ? Address.NONE : Address.parse(arguments[7]));
    }
  }

  /// What a slice's nodes have been through. Cheap to ask for, so that asking does not disturb them.
  ///
  /// @param orphanings times a node lost its parent
  /// @param requests join requests sent
  record Count(int attached, int orphanings, int moves, int requests) {

    String toLine() {
      return "count " + attached + " " + orphanings + " " + moves + " " + requests;
    }

    static Count parse(String line) {
      String[] field = line.split(" ", -1);
      return new Count(
          Integer.parseInt(field[0]),
          Integer.parseInt(field[1]),
          Integer.parseInt(field[2]),
          Integer.parseInt(field[3]));
    }
  }

  /// What a slice weighs. Asking holds the process up for a full collection.
  ///
  /// @param residentBytes of the process, after the collection
  /// @param heapBytes live after it
  /// @param openFiles of the process
  /// @param depth hops from the root to the node farthest from it
  record Weight(long residentBytes, long heapBytes, int openFiles, int depth) {

    String toLine() {
      return "weight " + residentBytes + " " + heapBytes + " " + openFiles + " " + depth;
    }

    static Weight parse(String line) {
      String[] field = line.split(" ", -1);
      return new Weight(
          Long.parseLong(field[0]),
          Long.parseLong(field[1]),
          Integer.parseInt(field[2]),
          Integer.parseInt(field[3]));
    }
  }

  static void main(String[] arguments) throws Exception {
    Task task = Task.parse(arguments);
    boolean rootHere = task.root.equals(Address.NONE);
    try (LoopbackNodes nodes =
            new LoopbackNodes(
                task.setup.tcp(),
                task.setup.config(),
                rootHere ? List.of() : List.of(task.root),
                task.seed);
        Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
      NodeSlice slice = new NodeSlice(nodes, task.window);
      say(slice.weight().toLine());
      say("listening " + (rootHere ? nodes.startRoot().node().address() : task.root));
      while (in.hasNextLine()) {
        String[] command = in.nextLine().split(" ", -1);
        switch (command[0]) {
          case "router" -> slice.start(NodeKind.ROUTER, Integer.parseInt(command[1]));
          case "client" -> slice.start(NodeKind.CLIENT, Integer.parseInt(command[1]));
          case "count" -> say(slice.count().toLine());
          case "weigh" -> {
            slice.told.set(MAX_TOLD); // what happens from here on is our own doing
            say(slice.weight().toLine());
          }
          default -> throw new IllegalArgumentException("what is '" + command[0] + "'?");
        }
      }
    }
  }

  private void start(NodeKind kind, int count) throws InterruptedException {
    long said = System.nanoTime();
    for (int i = 0; i < count; i++) {
      nodes.start(kind, tree -> tree, this::hear);
      if (i % 32 == 31) {
        long floor = window;
        LoopbackNodes.await(JOIN_LIMIT, () -> nodes.unattached() <= floor);
      }
      if (System.nanoTime() - said > SAY_EVERY_NANOS) {
        said = System.nanoTime();
        say("started " + (i + 1));
      }
    }
    boolean all = LoopbackNodes.await(JOIN_LIMIT, () -> nodes.unattached() == 0);
    say(all ? "done" : "failed: " + nodes.unattached() + " found no parent");
  }

  /// Why somebody lost its parent is worth a line, as long as there are few.
  private void hear(Effect effect) {
    if (effect instanceof Effect.Report report
        && report.kind() == Effect.Report.Kind.ORPHANED
        && told.incrementAndGet() <= MAX_TOLD) {
      System.err.println("a node lost its parent " + report.other() + ": " + report.detail());
    }
  }

  private Count count() {
    List<LoopbackNodes.Member> members = nodes.members();
    return new Count(
        (int) members.stream().filter(LoopbackNodes.Member::attached).count(),
        sum(members, LoopbackNodes.Member::orphanings),
        sum(members, LoopbackNodes.Member::moves),
        sum(members, LoopbackNodes.Member::requests));
  }

  private Weight weight() {
    int depth = nodes.depth();
    System.gc();
    return new Weight(
        ProcessStat.residentBytes(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        openFiles(),
        depth);
  }

  private static int sum(
      List<LoopbackNodes.Member> members, ToIntFunction<LoopbackNodes.Member> counter) {
    return members.stream().mapToInt(counter).sum();
  }

  private static int openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    } catch (IOException e) {
      throw new BenchmarkException("cannot list /proc/self/fd (this needs Linux)", e);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
