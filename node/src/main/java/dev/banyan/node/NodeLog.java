package dev.banyan.node;

import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.SafeText;
import dev.banyan.node.text.Words;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.StoreOutcome;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells an operator what becomes of a node: a line when it listens, one when it has its place, and, while it finds
/// none, why, at intervals. Machines get every report as JSON.
public final class NodeLog {

  /// How long a node may be without a place before that is worth a line.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// And how often it is said again.
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// How often a refused link is worth a line.
  private static final long REFUSALS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// What operators call what reports name.
  private static final Map<String, String> KINDS = Map.of("CLIENT", "worker", "ROUTER", "router");

  /// Of reports that are about no other node.
  private static final NodeId NOBODY = new NodeId(0);

  private final NodeKind kind;
  private final List<Address> roots;
  private final boolean json;
  private final boolean verbose;
  private final PrintWriter out;
  private final PrintWriter err;

  private boolean attached;
  private boolean complained;
  private long silentSinceNanos = System.nanoTime();
  private String trouble;
  private String lastParent = "";

  /// Refusals since the last one that was told; whoever dials can make any number of them.
  private long refusalsUntold;

  private long refusalToldNanos = System.nanoTime() - REFUSALS_NANOS;

  public NodeLog(
      NodeKind kind, List<Address> roots, boolean json, PrintWriter out, PrintWriter err) {
    this(kind, roots, json, false, out, err);
  }

  /// @param verbose whether people, too, are told all that happens to the node
  public NodeLog(
      NodeKind kind,
      List<Address> roots,
      boolean json,
      boolean verbose,
      PrintWriter out,
      PrintWriter err) {
    this.kind = kind;
    this.roots = roots;
    this.json = json;
    this.verbose = verbose;
    this.out = out;
    this.err = err;
    trouble = rootsText() + ": no answer yet";
  }

  /// The node is up.
  public synchronized void listening(
      ServedNode node, NodeSettings settings, Optional<Address> door, Optional<Address> metrics) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", now());
      line.put("event", "listening");
      line.put("kind", name(kind));
      line.put("node", node.id().toString());
      line.put("tree", settings.tree());
      if (kind.routes()) {
        line.put("address", node.address().toString());
      }
      door.ifPresent(address -> line.put("door", address.toString()));
      metrics.ifPresent(address -> line.put("metrics", address.toString()));
      print(out, Json.line(line));
    } else {
      print(
          out,
          name(kind)
              + " "
              + node.id()
              + " of tree '"
              + settings.tree()
              + "'"
              + (kind.routes() ? " listening on " + node.address() : "")
              + door.map(address -> " with its door on " + address).orElse("")
              + metrics.map(at -> ", metrics on http://" + at + "/metrics").orElse(""));
    }
  }

  /// Something happened to the node.
  public synchronized void onReport(Effect.Report report) {
    switch (report.kind()) {
      case ATTACHED -> onAttached(report);
      case ORPHANED -> onOrphaned(report);
      case JOIN_REFUSED -> {
        trouble = rootsText() + ": refused: " + report.detail();
        tellMore(report);
      }
      case JOIN_FAILED -> {
        trouble = report.detail();
        tellMore(report);
      }
      case UNDIALABLE ->
          complain(
              "nobody can join below this router: its parent "
                  + report.other()
                  + " does not reach it at "
                  + report.detail()
                  + "; give an address with --advertise at which others reach it");
      case DIALABLE -> complain("others reach this router at " + report.detail() + " again");
      case CHILD_UNDIALABLE ->
          complain(
              "sends nobody to router " + report.other() + ": not found at " + report.detail());
      case CHILD_SILENT ->
          complain("asks child " + report.other() + " no more questions: it " + report.detail());
      case NAMESAKE_REFUSED -> complain(report.detail());
      case SESSION_FORKED ->
          complain(report.detail() + "; it is broken or hostile: consider to revoke it");
      case LINK_REFUSED -> onLinkRefused(report.detail());
      case INTEREST_LIMITED ->
          complain(
              report.number() == 0
                  ? report.detail()
                  : "does without " + report.number() + " keys of interest: " + report.detail());
      case SLOW_LINK_CLOSED -> complain("closed a link that could not keep up: " + report.detail());
      case CYCLE_LEFT -> complain("left a cycle: " + report.detail());
      case JOIN_SENT,
          MOVE_STARTED,
          MOVE_COMPLETED,
          MOVE_UNFENCED,
          CHILD_ATTACHED,
          CHILD_LOST,
          CULL_ORDERED,
          REASSIGN_ORDERED,
          GAP_SENT,
          RESEND_ASKED,
          NAMESAKE_WAS_FIRST ->
          tellMore(report);
    }
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", now());
      line.put("event", report.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      line.put("other", report.other().toString());
      line.put("detail", report.detail());
      line.put("number", report.number());
      print(out, Json.line(line));
    }
  }

  /// What only machines are told, and those who want to know all.
  private void tellMore(Effect.Report report) {
    if (verbose) {
      complain(inWords(report));
    }
  }

  private static String inWords(Effect.Report report) {
    StringBuilder line =
        new StringBuilder(report.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    if (!report.other().equals(NOBODY)) {
      line.append(' ').append(report.other());
    }
    if (!report.detail().isEmpty()) {
      line.append(" (").append(KINDS.getOrDefault(report.detail(), report.detail())).append(')');
    }
    return report.number() == 0 ? line.toString() : line + ", " + report.number();
  }

  private void onLinkRefused(String why) {
    long nowNanos = System.nanoTime();
    if (nowNanos - refusalToldNanos < REFUSALS_NANOS) {
      refusalsUntold++;
      return;
    }
    refusalToldNanos = nowNanos;
    String more = refusalsUntold == 0 ? "" : " (and " + refusalsUntold + " before)";
    refusalsUntold = 0;
    complain("refused a link: " + why + more);
  }

  private void onAttached(Effect.Report report) {
    attached = true;
    complained = false;
    String parent = report.other().toString();
    if (!json && !parent.equals(lastParent)) {
      String line = "parent " + parent + " after " + Words.counted(report.number(), "join request");
      if (lastParent.isEmpty()) {
        print(out, "joined: " + line);
      } else {
        complain("joined again: " + line);
      }
    }
    lastParent = parent;
  }

  private void onOrphaned(Effect.Report report) {
    attached = false;
    silentSinceNanos = System.nanoTime();
    trouble = report.detail();
    complain("lost its parent " + report.other() + " (" + report.detail() + "); joining again");
    lastParent = "none";
  }

  /// A clean stop has got so far.
  public synchronized void handingOver(StoreOutcome.Draining progress) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", now());
      line.put("event", "handing-over");
      line.put("done", progress.done());
      line.put("all", progress.all());
      print(out, Json.line(line));
    } else {
      complain(
          "stopping: "
              + progress.done()
              + " of "
              + progress.all()
              + (progress.all() == 1 ? " key has" : " keys have")
              + " another holder so far");
    }
  }

  /// A clean stop has handed over what it could.
  public synchronized void handedOver(StoreOutcome.Drained result) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", now());
      line.put("event", "handed-over");
      line.put("vouched", result.vouched());
      line.put("handedOver", result.handedOver());
      line.put("left", result.left());
      line.put("example", result.example());
      print(out, Json.line(line));
    }
    if (result.left() > 0) {
      String keys = result.left() == 1 ? "1 key" : result.left() + " keys";
      trouble(
          "no other worker could be found in time to keep "
              + keys
              + ", for example '"
              + result.example()
              + "': lost unless somebody else holds "
              + (result.left() == 1 ? "it" : "them")
              + " (--drain-timeout gives more time)");
    }
  }

  /// Something went wrong with a stop.
  public synchronized void trouble(String line) {
    print(err, now() + " banyan: " + line);
  }

  private void complain(String line) {
    if (!json) {
      print(err, now() + " banyan: " + line);
    }
  }

  /// Says at intervals that the node has no place, until the latch opens.
  public void tellTroubleUntil(CountDownLatch stopped) throws InterruptedException {
    while (!stopped.await(500, TimeUnit.MILLISECONDS)) {
      tellTrouble(System.nanoTime());
    }
  }

  private synchronized void tellTrouble(long nowNanos) {
    long limit = complained ? REPEAT_NANOS : PATIENCE_NANOS;
    if (kind == NodeKind.ROOT || attached || nowNanos - silentSinceNanos < limit) {
      return;
    }
    complained = true;
    silentSinceNanos = nowNanos;
    print(err, now() + " banyan: no place in the tree yet: " + trouble + "; still trying");
  }

  private String rootsText() {
    return "root " + String.join(", ", roots.stream().map(Address::toString).toList());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /// What operators call this kind of node.
  public static String name(NodeKind kind) {
    return kind == NodeKind.CLIENT ? "worker" : kind.name().toLowerCase(Locale.ROOT);
  }

  /// Some of a line may be what others wrote: addresses, reasons.
  private static void print(PrintWriter to, String line) {
    to.println(SafeText.oneLine(line));
    to.flush();
  }
}
