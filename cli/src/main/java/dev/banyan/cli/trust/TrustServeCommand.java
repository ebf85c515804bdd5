package dev.banyan.cli.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.cli.console.SaidLines;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.keys.KeyServer;
import dev.banyan.node.metrics.KeyServiceMetrics;
import dev.banyan.node.metrics.MetricsServer;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.ServiceKey;
import dev.banyan.trust.files.JournalFile;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.service.KeyService;
import dev.banyan.trust.tls.Ciphers;
import dev.banyan.trust.tls.ServiceLinks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    header = "Run the key service: it admits workers with tokens, and gives members new secrets.",
    description = {
      "Serves a group until SIGTERM or Ctrl-C. The folder needs 'group', 'service.key', 'revocations' and 'tokens', not"
          + " the operator's key: leave that off line. What must not be forgotten, who was admitted with which token and"
          + " which epochs there were, is kept in 'service.journal': never put back an older copy of it. The list of"
          + " revocations is read again when it changes; when a node is new in it, a new epoch begins.",
      "",
      "While the key service cannot be reached, members go on with what they have, and newcomers wait.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped",
      "1:failed; one line on standard error says why",
      "2:wrong usage",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust serve --listen 192.0.2.1:7069 --passphrase-file /run/secrets/keys",
    })
public final class TrustServeCommand implements Callable<Integer> {

  private static final int MAX_DAYS = 36_500;

  /// Until then who was revoked can still read.
  private static final long MAX_LEAD_SECONDS = 3_600;

  @Spec private CommandSpec spec;
  @Mixin private FolderOption where;
  @Mixin private PassphraseOption passphrase;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7069",
      description = "Where to listen. Port 0 picks a free one. Default: ${DEFAULT-VALUE}.")
  private String listen = "";

  @Option(
      names = "--days",
      paramLabel = "COUNT",
      defaultValue = "365",
      description =
          "After how many days certificates expire that are given for tokens. Default: ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--lead",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How long before members seal with a new epoch's secret it is given out, so that all have it by then; they ask"
              + " every 5 to 15 seconds. At most 1h. Default: ${DEFAULT-VALUE}.")
  private String lead = "";

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "Give secrets to those programs alone that this file allows: a line 'platform simulated KEY' for each platform, as"
              + " 'banyan trust platform' prints it, and 'measurement HASH' for each program, as 'banyan trust measure' prints"
              + " it, or 'measurement any'. Read again when it changes. Default: no proof is asked for.")
  void policy(Path file) {
    policy = Optional.of(file);
  }

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description = "Where to serve metrics over HTTP, in clear. Default: nowhere.")
  void metrics(String at) {
    metrics = Optional.of(at);
  }

  @Option(names = "--json", description = "Print events as JSON, one per line.")
  private boolean json;

  private Optional<Path> policy = Optional.empty();
  private Optional<String> metrics = Optional.empty();
  private Optional<SaidLines> lines = Optional.empty();

  @Override
  public Integer call() throws TrustException, InterruptedException {
    Address at = UserError.parsed("--listen", () -> Addresses.parse(listen));
    UserError.require(days >= 1 && days <= MAX_DAYS, "--days: 1 to " + MAX_DAYS + ", not " + days);
    long leadSeconds =
        TimeUnit.NANOSECONDS.toSeconds(UserError.parsed("--lead", () -> Durations.parse(lead)));
    UserError.require(
        leadSeconds <= MAX_LEAD_SECONDS,
        "--lead: at most 1h, not " + lead + ": until then who was revoked can still read");
    Optional<Address> measured =
        metrics.map(text -> UserError.parsed("--metrics", () -> Addresses.parse(text)));
    lines = Optional.of(new SaidLines(spec.commandLine().getOut()));
    OperatorFolder folder = where.folder();
    Ciphers.install();
    ServiceKey key = passphrase.serviceKey(folder);
    GroupConfig config = folder.config();
    KeyService.Rules rules = new KeyService.Rules(days * 86_400L, leadSeconds);
    try (JournalFile journal = JournalFile.open(folder.journalFile())) {
      KeyService service =
          KeyService.open(where.crypto(), key, config, rules, where::random, journal);
      say(
          "group "
              + TrustText.hex(config.group())
              + "  epoch "
              + service.state().epoch()
              + "  members "
              + service.state().rosterSize());
      try (KeyServer server =
          KeyServer.open(
              at,
              service,
              ServiceLinks.serving(where.crypto(), key.key(), config),
              folder,
              FolderOption::nowSeconds,
              this::say,
              policy)) {
        if (policy.isEmpty()) {
          say(
              "no quotes are asked for: whatever program has a token or an identity is given the group's secrets; --policy FILE changes that");
        }
        measured.ifPresent(address ->
            serving(MetricsServer.serving(address, () -> KeyServiceMetrics.of(server.counters()))));
        listening(server.address());
        // What it has answered is on the disk: it may end at any moment.
        Thread stop = new Thread(this::stop, "banyan-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        Thread.currentThread().join(); // Until the process is told to stop.
      }
    } catch (CapsuleException e) {
      throw UserError.failed(folder.journalFile() + " cannot be used: " + e.getMessage());
    } catch (IOException e) {
      throw UserError.failed(folder.journalFile() + " cannot be used: " + Reason.of(e));
    }
    return 0;
  }

  private void stop() {
    try {
      lines.orElseThrow().flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  private void serving(MetricsServer server) {
    say("metrics are on " + server.address());
  }

  private void listening(Address at) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "listening");
    event.put("address", at.toString());
    print(json ? Json.line(event) : "listening on " + at);
  }

  private void say(String line) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "said");
    event.put("line", line);
    print(json ? Json.line(event) : line);
  }

  private void print(String line) {
    lines.orElseThrow().print(line);
  }
}
