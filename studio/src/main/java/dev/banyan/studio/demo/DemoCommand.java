package dev.banyan.studio.demo;

import static dev.banyan.cli.console.UserError.require;

import dev.banyan.cli.console.Folders;
import dev.banyan.cli.console.Logging;
import dev.banyan.cli.console.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    header = "Watch a tree form, work, lose nodes and heal.",
    description = {
      "Plays the paper's demonstration (section 6.1) with real nodes over real TCP connections. Routers and"
          + " workers join at random. YCSB's workload A (zipfian keys, half of the operations are updates) runs"
          + " through the workers' stores. Then nodes are killed at random until only the root is left."
          + " Connections are really cut. Some nodes hang instead: their sockets stay open and silent, and they"
          + " come back late.",
      "",
      "Links and records are in clear. With --secure each node has an identity of a group that ends with the demo: links are"
          + " encrypted, records are sealed and signed, and routers can neither read nor change them. On two cores that is too"
          + " much work for 35 nodes in one process: take fewer --nodes, or a smaller --speed.",
      "",
      "Between the parts, and after each quarter of the removals, the demo waits until links are quiet. Then it"
          + " compares all replicas with each other and with what was written. It fails if any of them differ.",
      "",
      "All waits, of the nodes and of the script, are divided by --speed. At 5, a heartbeat is sent every 200 ms"
          + " instead of every second, and a node counts as dead after 600 ms of silence. Rates of work do not"
          + " change.",
      "",
      "The seed decides who joins, who hangs and who dies, and when; and what the workload reads and writes, one"
          + " operation after the other. Which worker gets an operation depends on who is alive by then.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every check held",
      "1:an invariant did not hold; the summary says which",
      "2:wrong usage"
    },
    footer = {
      "",
      "Examples:",
      "  banyan demo",
      "  banyan demo --nodes 100 --seed 3 --report report",
      "  banyan demo --processes --speed 2",
      "  banyan demo --json | jq .divergentReplicas",
    })
public final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "35",
      description =
          "How many nodes join, not counting the root. Default: ${DEFAULT-VALUE}, as in the paper.")
  private int nodes;

  @Option(
      names = "--router-share",
      paramLabel = "P",
      defaultValue = "0.1",
      description = "Probability that a joiner is a router. Default: ${DEFAULT-VALUE}.")
  private double routerShare;

  @Option(
      names = "--children",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "The most child routers that a router may have. Default: ${DEFAULT-VALUE}, a binary tree.")
  private int children;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed for all random choices. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "Divide all waits and timers by this. Default: 5, with --processes 2.")
  private Optional<Double> speed = Optional.empty();

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many keys the workload uses. Default: ${DEFAULT-VALUE}.")
  private int records;

  @Option(
      names = "--operations",
      paramLabel = "N",
      description =
          "Operations per second of the workload, over all workers. Default: 400, with --processes 50.")
  private Optional<Integer> operations = Optional.empty();

  @Option(
      names = "--hang-share",
      paramLabel = "P",
      defaultValue = "0.2",
      description =
          "Probability that a node hangs instead of being killed. Default: ${DEFAULT-VALUE}.")
  private double hangShare;

  @Option(
      names = "--processes",
      description =
          "Run each node in its own process. Killing is SIGKILL, hanging is SIGSTOP. Takes more time and memory.")
  private boolean processes;

  @Option(
      names = "--secure",
      description =
          "With identities: links are encrypted, records sealed and signed. The demo keeps to loopback either way.")
  private boolean secure;

  private Optional<Path> report = Optional.empty();

  @Option(names = "--json", description = "Print only the summary, as JSON.")
  private boolean json;

  /// A method because shells complete the names of files only for what picocli takes for a path.
  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write summary.json, samples.csv, and figures 2 and 3 of the paper as PNG, SVG and PDF into this folder.")
  void report(Path path) {
    report = Optional.of(path);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    DemoOptions options =
        new DemoOptions(
            nodes,
            routerShare,
            children,
            seed,
            speed.orElse(processes ? 2.0 : 5.0),
            records,
            operations.orElse(processes ? 50 : 400),
            hangShare,
            processes,
            secure,
            report,
            json);
    check(options);
    Logging.start(0);
    report.ifPresent(folder -> Folders.requireWritable(folder, "--report"));
    Summary summary = DemoRun.play(options, spec.commandLine().getOut());
    return summary.ok() ? 0 : UserError.FAILED;
  }

  private static void check(DemoOptions options) {
    require(options.nodes() >= 2 && options.nodes() <= 2_000, "--nodes: 2 to 2000");
    require(
        options.routerShare() >= 0 && options.routerShare() < 1, "--router-share: 0 to below 1");
    require(options.hangShare() >= 0 && options.hangShare() <= 1, "--hang-share: 0 to 1");
    require(
        options.childRouters() >= 1 && options.childRouters() <= 4_096, "--children: 1 to 4096");
    require(options.speed() >= 0.1 && options.speed() <= 50, "--speed: 0.1 to 50");
    require(options.records() >= 2 && options.records() <= 100_000, "--records: 2 to 100000");
    require(
        options.operationsPerSecond() >= 1 && options.operationsPerSecond() <= 100_000,
        "--operations: 1 to 100000");
  }
}
