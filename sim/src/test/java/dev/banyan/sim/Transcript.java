package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.write.Names;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Writes down what nodes of a small cluster say to each other, and what becomes of it: one line for each message when it
/// is sent, and for each thing that happens to a node. Left out are heartbeats, but those that say something new of the
/// root.
final class Transcript implements Observer {

  private static final SipTagger TAGGER = new SipTagger(1, 2);

  /// One millisecond each way, and nothing random about it.
  private static final LinkProfile LINK = new LinkProfile(1_000_000, 0, 0);

  private record End(SimNode node, LinkId link) {}

  private final StringBuilder out = new StringBuilder();
  private final Wording wording =
      new Wording(new Names(TAGGER, StoreConfig.DEFAULT.prefixLevels()));
  private final Map<End, String> peers = new LinkedHashMap<>();
  private final Map<End, String> saidOfRoot = new LinkedHashMap<>();
  private final Cluster cluster;
  private final TreeConfig config;
  private boolean writing;

  Transcript(TreeConfig config, WaterMarks marks) {
    this.cluster =
        new Cluster(ClusterOptions.of(1, "transcript").withProfile(LINK).withMarks(marks));
    this.config = config;
    cluster.observe(this);
  }

  String text() {
    return out.toString();
  }

  // --- what scripts do

  /// From here on everything is written down.
  void write() {
    writing = true;
  }

  /// From here on nothing is.
  void skip() {
    writing = false;
  }

  /// A remark for the reader, before what comes next.
  void say(String text) {
    out.append(out.isEmpty() ? "" : "\n");
    text.strip().lines().forEach(line -> out.append(("# " + line).stripTrailing()).append('\n'));
  }

  /// A remark that shows the tree as it is.
  void sayTree(SimNode root) {
    say("The tree: " + subtree(root) + ".");
  }

  private String subtree(SimNode node) {
    NodeView view = node.view().orElseThrow();
    List<String> below =
        Stream.concat(view.childRouters().stream(), view.childClients().stream())
            .map(child -> cluster.find(child.node()).orElseThrow())
            .map(this::subtree)
            .toList();
    return wording.of(node) + (below.isEmpty() ? "" : " [" + String.join(", ", below) + "]");
  }

  SimNode router(String name, NodeKind kind) {
    return start(name, NodeSpec.tree(kind, config));
  }

  SimNode client(String name) {
    return start(name, NodeSpec.tree(NodeKind.CLIENT, config));
  }

  SimNode worker(String name) {
    return start(name, NodeSpec.worker(config, StoreConfig.DEFAULT, TAGGER));
  }

  private SimNode start(String name, NodeSpec spec) {
    SimNode node = cluster.add(spec);
    wording.name(node, name);
    cluster.start(node);
    return node;
  }

  void startAgain(SimNode node) {
    cluster.start(node);
  }

  void crash(SimNode node) {
    line(wording.of(node), "crashes");
    cluster.faults().crash(node);
  }

  Faults faults() {
    return cluster.faults();
  }

  void key(String key) {
    wording.key(key);
  }

  void submit(SimNode node, Event event) {
    cluster.submit(node, event);
  }

  void passMillis(long millis) {
    cluster.run(Duration.ofMillis(millis));
  }

  // --- what is written

  @Override
  public void started(SimNode node, long nowNanos) {
    line(wording.of(node), "starts");
  }

  @Override
  public void ended(SimNode node, long nowNanos) {
    peers.keySet().removeIf(end -> end.node() == node);
    saidOfRoot.keySet().removeIf(end -> end.node() == node);
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    happened(node, event);
    for (Effect effect : effects) {
      follows(node, effect);
    }
    if (event instanceof Event.LinkClosed(LinkId link, String _)) {
      forget(new End(node, link));
    }
  }

  private void happened(SimNode node, Event event) {
    switch (event) {
      case Event.LinkOpened(LinkId link, PeerIdentity _) -> {
        LinkEnd end = node.links.get(link.value());
        if (end != null && end.peer != null) {
          peers.put(new End(node, link), wording.of(end.peer.owner));
        }
      }
      case Event.LinkClosed(LinkId link, String cause) -> between(node, link, "<-", cause);
      case Event.LinkCongested(LinkId link) -> between(node, link, "->", "congested");
      case Event.LinkDrained(LinkId link) -> between(node, link, "->", "drained");
      case Event.Publish publish ->
          line(wording.of(node), "publishes" + wording.field("records", publish.records()));
      case Event.ChangeInterest change ->
          line(
              wording.of(node),
              "changes interest"
                  + wording.field("add", change.added())
                  + wording.field("remove", change.removed()));
      case StoreCommand.Put put ->
          line(
              wording.of(node), "put " + put.key() + "=" + Wording.shortened(put.value().asUtf8()));
      case StoreCommand.Get get -> line(wording.of(node), "get " + get.key());
      case StoreCommand.Watch watch ->
          line(wording.of(node), "watch " + watch.name() + (watch.prefix() ? "*" : ""));
      case Event.FromDriver _, Event.Local _, Event.Command _ -> {}
    }
  }

  private void follows(SimNode node, Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) -> sends(node, link, message);
      case Effect.Forward(LinkId[] links, Multicast multicast) -> {
        Multicast sent = new Multicast.Plain(multicast.hops() + 1, multicast.records());
        for (LinkId link : links) {
          sends(node, link, sent);
        }
      }
      case Effect.OpenLink(LinkId link, Address address) -> {
        peers.put(new End(node, link), wording.of(address));
        between(node, link, "->", "dial");
      }
      case Effect.CloseLink(LinkId link, String cause) -> {
        between(node, link, "->", "close: " + cause);
        forget(new End(node, link));
      }
      case Effect.Report report -> reports(node, report);
      case Effect.Deliver(Multicast multicast) ->
          line(wording.of(node), "delivers" + wording.field("records", multicast.records()));
      case Effect.Missed missed ->
          line(
              wording.of(node),
              "may have missed updates:"
                  + wording.field("cause", missed.cause())
                  + wording.field("tags", missed.tags()));
      case Effect.Connected(boolean connected) ->
          line(wording.of(node), connected ? "has a way to a root" : "has no way to a root");
      case StoreOutcome outcome -> line(wording.of(node), wording.of(outcome));
      case Effect.Admit _, Effect.SetTimer _, Effect.Upcall _, Effect.Outcome _ -> {}
    }
  }

  private void reports(SimNode node, Effect.Report report) {
    String other = report.other().equals(node.id()) ? "" : " " + wording.of(report.other());
    line(
        wording.of(node),
        report.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + other
            + (report.number() == 0 ? "" : " (" + report.number() + ")")
            + (report.detail().isEmpty() ? "" : ": " + wording.inText(report.detail())));
  }

  private void sends(SimNode node, LinkId link, Message message) {
    End end = new End(node, link);
    if (!(message instanceof Message.Heartbeat heartbeat)) {
      between(node, link, "->", wording.of(message));
    } else if (heartbeat.side() instanceof Message.Heartbeat.FromParent parent) {
      String said = wording.ofRoot(heartbeat, parent);
      String before = saidOfRoot.put(end, said);
      if (before != null && !before.equals(said)) {
        between(node, link, "->", said);
      }
    }
  }

  private void forget(End end) {
    peers.remove(end);
    saidOfRoot.remove(end);
  }

  private void between(SimNode node, LinkId link, String arrow, String what) {
    String peer = peers.get(new End(node, link));
    if (peer != null) {
      line(wording.of(node) + " " + arrow + " " + peer, what);
    }
  }

  private void line(String who, String what) {
    if (writing) {
      out.append(
          String.format(Locale.ROOT, "%9.4f  %-14s  %s%n", cluster.nowNanos() / 1e9, who, what));
    }
  }
}
