package dev.banyan.cli.nodes;

import dev.banyan.cli.console.Logging;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.MachineTap;
import dev.banyan.node.NodeLog;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.ServedNode;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.capture.Capture;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.enclave.EnclavePair;
import dev.banyan.node.enclave.Hardening;
import dev.banyan.node.enclave.HostGoneException;
import dev.banyan.node.keys.KeyWatch;
import dev.banyan.node.keys.PlatformFile;
import dev.banyan.node.keys.TokenJoin;
import dev.banyan.node.keys.WorkerSecrets;
import dev.banyan.node.links.RevocationWatch;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.metrics.MetricsServer;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeKind;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.Token;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.tls.Ciphers;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A command that is a node until it is told to stop.
public abstract class NodeCommand implements Callable<Integer> {

  private final NodeKind kind;

  @Spec private CommandSpec spec;

  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--check",
      description = "Check the settings, print each one with its source, and exit.")
  private boolean check;

  @Option(
      names = "--json",
      description = "Print events as JSON, one per line: listening, attached, orphaned and so on.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description =
          "Log what happens to the node in the tree to standard error: joins, moves, and children that come and"
              + " go. Give it twice to log what happens on its links too.")
  private boolean[] verbose = {};

  @Option(
      names = "--capture",
      paramLabel = "FILE",
      description =
          "Write every frame that comes in to this file, as it is behind the encryption of links, up to 64 MiB; 'banyan"
              + " inspect' shows what is in it. Slows the node down.")
  private Optional<Path> capture = Optional.empty();

  NodeCommand(NodeKind kind) {
    this.kind = kind;
  }

  /// A method because shells complete the names of files only for what picocli takes for a path.
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A YAML file of settings, one 'key: value' per line. Keys are the options below without their dashes."
              + " One file can serve all nodes: settings for other kinds of node are ignored. Default: the file"
              + " that BANYAN_CONFIG names.")
  void config(Path path) {
    config = Optional.of(path);
  }

  @Override
  public Integer call() throws InterruptedException, TrustException {
    Settings settings =
        SettingOptions.settings(kind, spec.commandLine().getParseResult(), config, System.getenv());
    settings.warnings().forEach(line -> spec.commandLine().getErr().println("banyan: " + line));
    Optional<Token> token = settings.word(Setting.TOKEN).map(TokenJoin::token);
    token.ifPresent(each -> settings.otherwise(Setting.ROOT_ADDRESS, each.roots(), "the token's"));
    boolean apart = EnclavePair.isAsked(settings);
    UserError.require(
        !apart || capture.isEmpty(),
        "--capture: not beside --enclave process: frames come in at the other process");
    if (check) {
      printSettings(settings);
    } else if (apart) {
      Hardening.apply().forEach(this::say); // Before anything secret is read.
    }
    if (!check && token.isPresent()) {
      join(token.get(), settings, PlatformFile.of(settings));
    }
    NodeSettings checked = NodeSettings.of(settings);
    if (check) {
      return 0;
    }
    Logging.start(verbose.length);
    Optional<IdentityFile> identity = IdentityFile.of(settings);
    if (identity.isEmpty() && checked.leavesTheMachine()) {
      say("links are in clear, and nobody proves who it is: give --identity FILE to change that");
    }
    Optional<Address> service = settings.address(Setting.KEY_SERVICE);
    run(
        checked,
        identity,
        service,
        PlatformFile.of(settings),
        apart,
        kind == NodeKind.CLIENT ? settings.durationNanos(Setting.DRAIN_TIMEOUT) : 0);
    return 0;
  }

  /// Joins with the token, unless that was done before.
  private void join(Token token, Settings settings, Optional<Platform> platform)
      throws TrustException, InterruptedException {
    Path file =
        settings
            .word(Setting.IDENTITY)
            .map(Path::of)
            .orElseThrow(() ->
                UserError.usage(
                    "--token: name the file that the identity is to be written to with --identity"));
    if (!Files.exists(file)) {
      Ciphers.install();
      new TokenJoin(token, file, () -> System.currentTimeMillis() / 1_000, this::say, platform)
          .join();
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println("banyan: " + line);
  }

  private void run(
      NodeSettings settings,
      Optional<IdentityFile> identity,
      Optional<Address> service,
      Optional<Platform> platform,
      boolean apart,
      long drainNanos)
      throws InterruptedException, TrustException {
    identity.ifPresent(_ -> say("links are encrypted: TLS 1.3, ciphers of " + Ciphers.install()));
    Optional<TrustedLinks> links = identity.map(TrustedLinks::open);
    Optional<WorkerSecrets> secrets =
        kind == NodeKind.CLIENT && identity.isPresent()
            ? Optional.of(WorkerSecrets.of(identity.get(), links.orElseThrow()))
            : Optional.empty();
    NodeLog log =
        new NodeLog(
            kind,
            settings.roots(),
            json,
            verbose.length > 0,
            spec.commandLine().getOut(),
            spec.commandLine().getErr());
    CompletableFuture<String> namesake = new CompletableFuture<>();
    Consumer<Effect.Report> reports =
        report -> {
          log.onReport(report);
          if (report.kind() == Effect.Report.Kind.NAMESAKE_WAS_FIRST) {
            namesake.complete(report.detail());
          }
        };
    Serving serving =
        node -> {
          identity
              .flatMap(IdentityFile::revocations)
              .ifPresent(file ->
                  new RevocationWatch(file, links.orElseThrow(), node::recheckLinks).start());
          Optional<KeyWatch> watch =
              secrets.flatMap(each -> each.follow(node, service, platform, namesake::complete));
          Optional<DoorServer> door = openDoor(settings, node);
          Optional<MetricsServer> metrics =
              settings.metrics().map(at -> MetricsServer.open(at, node));
          log.listening(
              node, settings, door.map(DoorServer::address), metrics.map(MetricsServer::address));
          CleanStop stop =
              new CleanStop(node, door, drainNanos, log, () -> watch.ifPresent(KeyWatch::close));
          Runtime.getRuntime().addShutdownHook(new Thread(stop::run, "banyan-stop"));
          try {
            untilFailure(node.closed(), namesake, log);
          } finally {
            stop.nodeHasLeft();
          }
        };
    RandomGenerator random = RandomSource.of(new SecureRandom().nextLong());
    if (apart) {
      try (EnclavePair pair =
          EnclavePair.start(
              settings, random, reports, links.orElseThrow(), Logging.level(verbose.length))) {
        say("secrets are in this process, links in the host's, which is " + pair.hostPid());
        serving.until(pair.worker());
      }
    } else {
      try (TcpHost host = TcpHosts.open(settings)) {
        serving.until(
            RunningNode.start(
                host,
                settings,
                random,
                reports,
                capture.<MachineTap>map(Capture::to).orElse(MachineTap.NONE),
                links.map(each -> each)));
      }
    }
  }

  /// What a node's process does for as long as the node runs.
  private interface Serving {
    void until(ServedNode node) throws InterruptedException;
  }

  /// A node that ended as it was told to ends its process by itself; one whose machine failed must not look alive.
  ///
  /// @param namesake completes with one line when the node has left the tree for one that has its id
  /// @throws UserError when the machine failed, or the node has given way
  public static void untilFailure(
      CompletableFuture<Void> closed, CompletableFuture<String> namesake, NodeLog log)
      throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    AtomicReference<String> why = new AtomicReference<>("");
    closed.whenComplete((_, failure) -> {
      if (failure instanceof HostGoneException) {
        why.set(failure.getMessage());
        failed.countDown();
      } else if (failure != null) {
        why.set(
            "this node failed and has left the tree ("
                + failure
                + "): a fault of banyan itself, please report it with the log; start the node again");
        failed.countDown();
      }
    });
    namesake.thenAccept(line -> {
      why.set(line);
      failed.countDown();
    });
    log.tellTroubleUntil(failed);
    throw UserError.failed(String.valueOf(why.get()));
  }

  private static Optional<DoorServer> openDoor(NodeSettings settings, ServedNode node) {
    return settings.door().map(at -> node.openDoor(at, settings.doorHosts()));
  }

  private static Map<String, Object> json(String value, String source) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", value);
    json.put("source", source);
    return json;
  }

  private void printSettings(Settings settings) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<Setting, Settings.Value> entry : settings.values().entrySet()) {
      Setting setting = entry.getKey();
      Settings.Value value = entry.getValue();
      String text =
          setting.isSecret() && !value.texts().isEmpty()
              ? "(not shown)"
              : setting.isList() ? "[" + String.join(", ", value.texts()) + "]" : value.text();
      values.put(setting.key(), json(text, value.source()));
      if (!json) {
        out.printf("%-48s # %s%n", setting.key() + ": " + text, value.source());
      }
    }
    if (json) {
      out.println(Json.line(values));
    }
    out.flush();
  }
}
