package dev.banyan.cli.nodes;

import dev.banyan.cli.console.Logging;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.StartException;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.StoreLimit;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Words;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.tls.Ciphers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
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
      "The root uses port 7070 and the first two doors use 7171 and 7172, if these are free. 7171 is the default"
          + " door of 'banyan put', 'banyan get' and the like.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan up",
      "  banyan up --nodes 100 --router-share 0.2",
      "  banyan up --secure",
      "",
      "and in another terminal:",
      "  banyan put greeting hello",
      "  banyan get --door 127.0.0.1:7172 greeting",
      "  banyan tree",
    })
public final class UpCommand implements Callable<Integer> {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);

  /// Those of the first two workers: what is written at one is read at the other.
  private static final List<Address> DOORS =
      List.of(new Address("127.0.0.1", 7171), new Address("127.0.0.1", 7172));

  private static final String TREE = "main";
  private static final Address ROOT = new Address("127.0.0.1", 7070);
  private static final long JOIN_SECONDS = 60;

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
          "Seed for node ids and for all random choices of the nodes. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--secure",
      description =
          "Encrypt all links, and let both ends of each prove who they are, with identities that end with the"
              + " cluster. What 'banyan tree' then needs is printed. Workers' doors stay as they are.")
  private boolean secure;

  @Option(names = "--json", description = "Print one line of JSON when all nodes are in the tree.")
  private boolean json;

  private Optional<ThrowAwayGroup> group = Optional.empty();
  private final List<RunningNode> members = new ArrayList<>();
  private final List<DoorServer> doors = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException, TrustException {
    UserError.require(nodes >= 1 && nodes <= 5_000, "--nodes: 1 to 5000");
    UserError.require(routerShare >= 0 && routerShare < 1, "--router-share: 0 to below 1");
    UserError.require(children >= 1 && children <= 4_096, "--children: 1 to 4096");
    Logging.start(0);
    if (secure) {
      say("links are encrypted: TLS 1.3, ciphers of " + Ciphers.install());
      ThrowAwayGroup made = new ThrowAwayGroup(TREE);
      group = Optional.of(made);
      // At once: nothing of it may be left if what follows fails.
      Runtime.getRuntime().addShutdownHook(new Thread(made::close, "banyan-forget"));
    }
    PrintWriter out = spec.commandLine().getOut();
    RandomGenerator random = RandomSource.of(seed);
    TreeConfig config = config();
    try (TcpHost host = TcpHosts.open(Runtime.getRuntime().availableProcessors())) {
      CountDownLatch joined = new CountDownLatch(nodes);
      RunningNode root = startRoot(host, config, random);
      members.add(root);
      int routers = (int) Math.round(nodes * routerShare);
      StoreConfig store =
          StoreConfig.DEFAULT.withLimitBytes(StoreLimit.ofHeap(Math.max(1, nodes - routers)));
      for (int i = 0; i < nodes; i++) {
        NodeKind kind = i < routers ? NodeKind.ROUTER : NodeKind.CLIENT;
        RunningNode member =
            start(host, kind, LOOPBACK, List.of(root.address()), config, store, random, joined);
        members.add(member);
        if (kind == NodeKind.CLIENT) {
          doors.add(openDoor(member));
        }
      }
      Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "banyan-stop"));
      if (!joined.await(JOIN_SECONDS, TimeUnit.SECONDS)) {
        throw UserError.failed(
            Words.counted(joined.getCount(), "node")
                + " found no place within "
                + JOIN_SECONDS
                + " s");
      }
      print(out, root, routers);
      new CountDownLatch(1).await();
    }
    return 0;
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

  /// On the default port if that is free, so that `banyan tree` finds it.
  private RunningNode startRoot(TcpHost host, TreeConfig config, RandomGenerator random) {
    CountDownLatch none = new CountDownLatch(0);
    try {
      return start(host, NodeKind.ROOT, ROOT, List.of(), config, StoreConfig.DEFAULT, random, none);
    } catch (StartException e) {
      say("port " + ROOT.port() + " is taken: the root is on another one");
      return start(
          host, NodeKind.ROOT, LOOPBACK, List.of(), config, StoreConfig.DEFAULT, random, none);
    }
  }

  private RunningNode start(
      TcpHost host,
      NodeKind kind,
      Address listen,
      List<Address> roots,
      TreeConfig config,
      StoreConfig store,
      RandomGenerator random,
      CountDownLatch joined) {
    Optional<TrustedLinks> links = group.map(all -> all.member(kind));
    NodeId id = new NodeId(random.nextLong());
    NodeSettings settings =
        new NodeSettings(
            kind,
            kind.routes() ? Optional.of(listen) : Optional.empty(),
            Optional.empty(),
            roots,
            TREE,
            Optional.of(links.map(TrustedLinks::node).orElse(id)),
            config,
            Optional.empty(),
            List.of(),
            group.filter(_ -> kind == NodeKind.CLIENT).map(ThrowAwayGroup::tagKey),
            store,
            Optional.empty(),
            1,
            "auto",
            false);
    return RunningNode.start(
        host,
        settings,
        random,
        new FirstAttached(joined),
        MachineTap.NONE,
        links.map(each -> each));
  }

  /// Counts a node in when it has its place for the first time.
  private static final class FirstAttached implements Consumer<Effect.Report> {
    private final CountDownLatch joined;
    private boolean done;

    FirstAttached(CountDownLatch joined) {
      this.joined = joined;
    }

    @Override
    public void accept(Effect.Report report) {
      if (!done && report.kind() == Effect.Report.Kind.ATTACHED) {
        done = true;
        joined.countDown();
      }
    }
  }

  private DoorServer openDoor(RunningNode worker) {
    if (doors.size() < DOORS.size()) {
      Address known = DOORS.get(doors.size());
      try {
        return worker.openDoor(known, List.of());
      } catch (StartException e) {
        say("port " + known.port() + " is taken: a door is on another one");
      }
    }
    return worker.openDoor(LOOPBACK, List.of());
  }

  private void say(String line) {
    spec.commandLine().getErr().println("banyan: " + line);
    spec.commandLine().getErr().flush();
  }

  private void print(PrintWriter out, RunningNode root, int routers) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("root", root.address().toString());
      line.put("routers", routers);
      line.put("doors", doors.stream().map(door -> door.address().toString()).toList());
      group.ifPresent(all -> line.put("identity", all.observer().toString()));
      out.println(Json.line(line));
    } else {
      out.println("root        " + root.address());
      out.println("routers     " + routers);
      out.println("workers     " + doors.size() + ", their doors:");
      doors.forEach(door -> out.println("  " + door.address()));
      out.println();
      out.println("Try, in another terminal:");
      out.println("  banyan put" + doorOption(doors.getFirst()) + " greeting hello");
      out.println(
          "  banyan get" + doorOption(doors.get(Math.min(1, doors.size() - 1))) + " greeting");
      out.println(
          "  banyan tree"
              + (root.address().equals(ROOT) ? "" : " --root " + root.address())
              + group.map(all -> " --identity " + all.observer()).orElse(""));
      out.println("Ctrl-C ends it.");
    }
    out.flush();
  }

  private static String doorOption(DoorServer door) {
    return door.address().equals(DOORS.getFirst()) ? "" : " --door " + door.address();
  }

  private void stop() {
    doors.forEach(DoorServer::close);
    members.reversed().forEach(RunningNode::stop);
  }
}
