package dev.banyan.node.enclave;

import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// This process as a worker's enclave, and its host's, which it has started.
public final class EnclavePair implements AutoCloseable {

  private final HostLaunch host;
  private final EnclavedWorker worker;

  private EnclavePair(HostLaunch host, EnclavedWorker worker) {
    this.host = host;
    this.worker = worker;
  }

  /// Whether a worker's secrets are to be in a process of their own.
  ///
  /// @throws dev.banyan.node.settings.SettingsException when it cannot be
  public static boolean isAsked(Settings settings) {
    if (settings.kind() != NodeKind.CLIENT) {
      return false;
    }
    String where = settings.word(Setting.ENCLAVE).orElse("none");
    return switch (where) {
      case "none" -> false;
      case "process" -> {
        if (settings.word(Setting.IDENTITY).isEmpty()) {
          throw settings.wrong(
              Setting.ENCLAVE,
              "a worker without an identity has no secrets to keep: give --identity too, or leave this out");
        }
        yield true;
      }
      default -> throw settings.wrong(Setting.ENCLAVE, "'" + where + "' is none of none, process");
    };
  }

  /// Starts a worker with its host.
  ///
  /// @param random seeds everything random about it
  /// @param reports told what happens to its node
  /// @param level how much the host logs
  /// @throws dev.banyan.node.StartException when the host cannot be started
  public static EnclavePair start(
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      TrustedLinks links,
      String level) {
    HostLaunch host = HostLaunch.start(level, List.of());
    try {
      return new EnclavePair(
          host,
          EnclavedWorker.start(host.channel(), settings, random, reports, Optional.of(links)));
    } catch (RuntimeException | Error e) {
      host.process().destroyForcibly();
      throw e;
    }
  }

  public EnclavedWorker worker() {
    return worker;
  }

  public long hostPid() {
    return host.process().pid();
  }

  /// Ends the host if it still runs.
  @Override
  public void close() {
    worker.kill();
    host.process().destroyForcibly();
  }
}
