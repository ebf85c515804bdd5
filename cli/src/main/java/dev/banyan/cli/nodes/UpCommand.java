package dev.banyan.cli.nodes;

import dev.banyan.cli.console.Logging;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.tls.Ciphers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "up",
    header = "Run a local cluster until you stop it.",
    description = {
      "Starts a root, routers and workers in this process. Each has its own TCP connections on loopback. When all"
          + " are in the tree, it prints the addresses of the root and of the workers' doors, and runs until"
          + " Ctrl-C.",
      "",
      "Links are encrypted and records sealed. The keys for that are made as it starts: an operator's key, identities"
          + " for root and routers, tokens for workers, and a key service that admits them, in this process too. They are"
          + " in a folder that is printed, for this account alone, and end with the cluster; what was left by one"
          + " that was killed is deleted by the next. 'banyan tree', 'explain' and 'rebalance' find there what they need,"
          + " and 'banyan trust --dir FOLDER/trust' works on it.",
      "",
      "The root uses port 7070 and the first two doors use 7171 and 7172, if these are free. 7171 is the default"
          + " door of 'banyan put', 'banyan get' and the like.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan up",
      "  banyan up --nodes 100 --router-share 0.2",
      "  banyan up --insecure",
      "",
      "and in another terminal:",
      "  banyan put greeting hello",
      "  banyan get --door 127.0.0.1:7172 greeting",
      "  banyan tree",
    })
public final class UpCommand implements Callable<Integer> {

  /// How often what it has on disk is made new.
  private static final long TOUCH_HOURS = 12;

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Routers and workers together, not counting the root. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--router-share",
      paramLabel = "P",
      defaultValue = "0.2",
      description = "The share of them that are routers. Default: ${DEFAULT-VALUE}.")
  private double routerShare;

  @Option(
      names = "--children",
      paramLabel = "N",
      defaultValue = "2",
      description = "The most child routers that a router may have. Default: ${DEFAULT-VALUE}.")
  private int children;

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "Time between heartbeats, at least 10ms. Default: ${DEFAULT-VALUE}.")
  private String heartbeat = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed for all random choices of the nodes, but for keys, and ids that come of keys. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--insecure",
      description =
          "Without keys: links and records are in clear, and nobody proves who it is. The cluster keeps to loopback"
              + " either way.")
  private boolean insecure;

  @Option(
      names = "--capture",
      paramLabel = "FILE",
      description =
          "Write every frame that the root receives to this file, up to 64 MiB, for 'banyan inspect'.")
  private Optional<Path> capture = Optional.empty();

  @Option(names = "--json", description = "Print one line of JSON when all nodes are in the tree.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException, TrustException {
    UserError.require(nodes >= 1 && nodes <= 5_000, "--nodes: 1 to 5000");
    UserError.require(routerShare >= 0 && routerShare < 1, "--router-share: 0 to below 1");
    UserError.require(children >= 1 && children <= 4_096, "--children: 1 to 4096");
    TreeConfig config = config();
    Logging.start(0);
    say(
        insecure
            ? "--insecure: links and records are in clear, and nobody proves who it is; on loopback alone"
            : "links are encrypted and records sealed: TLS 1.3, ciphers of " + Ciphers.install());
    int routers = (int) Math.round(nodes * routerShare);
    LocalCluster cluster =
        new LocalCluster(
            new LocalCluster.Plan(routers, nodes - routers, config, seed, !insecure, capture),
            this::say);
    // At once: nothing of its keys may be left if what follows fails.
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "banyan-stop"));
    cluster.start();
    print(spec.commandLine().getOut(), cluster);
    while (true) {
      TimeUnit.HOURS.sleep(TOUCH_HOURS);
      cluster.group().ifPresent(group -> group.folder().touch());
    }
  }

  private TreeConfig config() {
    long heartbeatNanos =
        UserError.parsed(
            "--heartbeat", () -> NodeSettings.checkedHeartbeat(Durations.parse(heartbeat)));
    try {
      return TreeConfig.DEFAULT
          .withCapacity(
              new TreeConfig.Capacity(
                  children, Math.max(nodes, TreeConfig.Capacity.DEFAULT.clients())))
          .withTiming(TreeConfig.Timing.DEFAULT.withHeartbeat(heartbeatNanos).ofNewTree());
    } catch (IllegalArgumentException e) {
      throw UserError.usage(String.valueOf(e.getMessage()));
    }
  }

  private synchronized void say(String line) {
    spec.commandLine().getErr().println("banyan: " + line);
    spec.commandLine().getErr().flush();
  }

  private void print(PrintWriter out, LocalCluster cluster) {
    if (json) {
      out.println(Json.line(json(cluster)));
    } else {
      lines(out, cluster);
    }
    out.flush();
  }

  private static Map<String, Object> json(LocalCluster cluster) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("root", cluster.root().toString());
    line.put("routers", cluster.routers());
    line.put("doors", cluster.doors().stream().map(Address::toString).toList());
    line.put("secure", cluster.group().isPresent());
    cluster
        .group()
        .ifPresent(group -> {
          line.put("keyService", group.keyService().toString());
          line.put("folder", group.folder().path().toString());
          line.put("identity", group.folder().observer().toString());
        });
    return line;
  }

  private static void lines(PrintWriter out, LocalCluster cluster) {
    List<Address> doors = cluster.doors();
    out.println("root        " + cluster.root());
    out.println("routers     " + cluster.routers());
    out.println("workers     " + doors.size() + (doors.isEmpty() ? "" : ", their doors:"));
    doors.forEach(door -> out.println("  " + door));
    cluster
        .group()
        .ifPresent(group -> {
          out.println("keys from   " + group.keyService());
          out.println("kept in     " + group.folder().path() + " until it ends");
        });
    out.println();
    out.println("Try, in another terminal:");
    if (!doors.isEmpty()) {
      out.println("  banyan put" + doorOption(doors.getFirst()) + " greeting hello");
      out.println(
          "  banyan get" + doorOption(doors.get(Math.min(1, doors.size() - 1))) + " greeting");
    }
    out.println(
        "  banyan tree"
            + (cluster.root().equals(LocalCluster.ROOT) ? "" : " --root " + cluster.root()));
    out.println("Ctrl-C ends it.");
  }

  private static String doorOption(Address door) {
    return door.equals(LocalCluster.DOORS.getFirst()) ? "" : " --door " + door;
  }
}
