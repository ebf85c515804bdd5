package dev.banyan.studio.demo;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.settings.Setting;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Each member in a process of its own: `banyan root`, `router` and `worker`, as an operator would start them.
final class ProcessTroupe implements Troupe {

  /// Small heaps, one compiler: dozens of these share a machine.
  private static final List<String> JVM =
      List.of(
          "-Xmx96m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:CICompilerCount=1");

  private final DemoOptions options;
  private final Listener listener;
  private final Optional<ProcessIdentities> identities;
  private final List<ProcessMember> members = new CopyOnWriteArrayList<>();
  private final Thread cleaner = new Thread(this::killAll, "banyan-demo-cleaner");
  private String root = "";

  /// @param group none for nodes that prove nothing
  ProcessTroupe(DemoOptions options, Optional<ThrowAwayGroup> group, Listener listener) {
    this.options = options;
    this.listener = listener;
    this.identities = group.map(ProcessIdentities::make);
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  @Override
  public Member start(NodeKind kind, String name) throws InterruptedException {
    try {
      ProcessMember member =
          ProcessMember.start(
              name,
              kind,
              command(kind, name),
              identities.map(ProcessIdentities::observer),
              listener);
      members.add(member);
      member.awaitListening();
      if (kind == NodeKind.ROOT) {
        root = member.address().toString();
      }
      return member;
    } catch (IOException e) {
      throw UserError.failed("cannot start " + name + ": " + e.getMessage());
    }
  }

  private List<String> command(NodeKind kind, String name) {
    List<String> command = new ArrayList<>();
    command.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElse(System.getProperty("java.home") + "/bin/java"));
    command.addAll(JVM);
    command.add("--enable-native-access=ALL-UNNAMED");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument ->
            argument.startsWith("-XX:SharedArchiveFile=")
                || argument.equals("-XX:+UseCompactObjectHeaders"))
        .forEach(command::add);
    command.add("-Xlog:disable");
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.banyan.cli.BanyanCommand"));
    command.add(kind == NodeKind.CLIENT ? "worker" : kind == NodeKind.ROOT ? "root" : "router");
    command.addAll(List.of("--json", Setting.TREE.flag(), "demo"));
    if (kind.routes()) {
      command.addAll(List.of(Setting.LISTEN.flag(), "127.0.0.1:0"));
      addCapacity(command, options.tree().capacity());
    } else {
      command.addAll(List.of(Setting.DOOR.flag(), "127.0.0.1:0"));
      addStore(command, options.store());
    }
    if (kind != NodeKind.ROOT) {
      command.addAll(List.of(Setting.ROOT_ADDRESS.flag(), root));
    }
    identities.ifPresent(
        all -> command.addAll(List.of(Setting.IDENTITY.flag(), all.file(kind, name).toString())));
    addTiming(command, kind, options.tree().timing());
    return command;
  }

  private static void addCapacity(List<String> command, TreeConfig.Capacity capacity) {
    command.addAll(List.of(Setting.CHILD_ROUTERS.flag(), "" + capacity.routers()));
    command.addAll(List.of(Setting.CHILD_CLIENTS.flag(), "" + capacity.clients()));
  }

  private static void addTiming(List<String> command, NodeKind kind, TreeConfig.Timing timing) {
    add(command, kind, Setting.HEARTBEAT, timing.heartbeatNanos());
    add(command, kind, Setting.HEARTBEAT_TIMEOUT, timing.heartbeatTimeoutNanos());
    add(command, kind, Setting.REBALANCE, timing.rebalanceNanos());
    add(command, kind, Setting.JOIN_TIMEOUT, timing.joinTimeoutNanos());
    add(command, kind, Setting.BACKOFF_MIN, timing.backoffMinNanos());
    add(command, kind, Setting.BACKOFF_MAX, timing.backoffMaxNanos());
    add(command, kind, Setting.JOIN_JITTER, timing.joinJitterNanos());
    add(command, kind, Setting.COALESCE, timing.coalesceNanos());
    add(command, kind, Setting.GRACE, timing.graceNanos());
    add(command, kind, Setting.YOUTH, timing.youthNanos());
    add(command, kind, Setting.SLOW_LINK, timing.slowLinkNanos());
  }

  private static void addStore(List<String> command, StoreConfig store) {
    add(command, NodeKind.CLIENT, Setting.INTEREST_HALF_LIFE, store.halfLifeNanos());
    add(command, NodeKind.CLIENT, Setting.TOMBSTONES, store.tombstoneNanos());
    add(command, NodeKind.CLIENT, Setting.FETCH_TIMEOUT, store.fetching().timeoutNanos());
    add(command, NodeKind.CLIENT, Setting.RESYNC_SPREAD, store.resyncing().spreadNanos());
    add(
        command,
        NodeKind.CLIENT,
        Setting.RESYNC_REPLY_SPREAD,
        store.resyncing().replySpreadNanos());
    add(command, NodeKind.CLIENT, Setting.RESYNC_HOLE, store.resyncing().holeNanos());
  }

  private static void add(List<String> command, NodeKind kind, Setting setting, long nanos) {
    if (setting.appliesTo(kind)) {
      command.addAll(List.of(setting.flag(), Durations.text(nanos)));
    }
  }

  private void killAll() {
    members.forEach(ProcessMember::kill);
    identities.ifPresent(ProcessIdentities::close);
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(cleaner);
  }
}
