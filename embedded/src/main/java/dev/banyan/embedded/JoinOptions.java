package dev.banyan.embedded;

import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.node.settings.SettingsException;
import dev.banyan.node.settings.StoreLimit;
import dev.banyan.protocol.NodeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which tree to join, and how.
///
/// ```java
/// JoinOptions options =
///     JoinOptions.to("10.0.0.1:7070").with("tag-key", key).withJoinTimeout(Duration.ofSeconds(5));
/// ```
///
/// @param roots where the tree's root is, `HOST:PORT`; several are tried in turn
/// @param settings those of a worker, by the names of the options of `banyan worker` without their dashes; `banyan help worker`
///     explains them. Two defaults differ: there is a `door` only if one is asked for, and `store-limit` is a tenth of the heap
/// @param joinTimeout how long the worker may look for a place in the tree. The default is 30 s
/// @param callTimeout how long a call may take. The default is 25 s
public record JoinOptions(
    List<String> roots, Map<String, String> settings, Duration joinTimeout, Duration callTimeout) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /// Of what stores may take of the heap, which belongs to the program.
  private static final int SHARES = 4;

  /// @throws IllegalArgumentException when something cannot be so, with one line that says what
  public JoinOptions {
    roots = List.copyOf(roots);
    settings = Map.copyOf(settings);
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("give at least one address of the tree's root, HOST:PORT");
    }
    if (settings.containsKey(Setting.ROOT_ADDRESS.key())) {
      throw new IllegalArgumentException("root: give it to JoinOptions.to");
    }
    require("join timeout", joinTimeout);
    require("call timeout", callTimeout);
    nodeSettings(roots, settings);
  }

  private static void require(String what, Duration time) {
    if (!time.isPositive() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + ": more than 0, at most a day, not " + time);
    }
  }

  /// The defaults, for a tree with its root at one of these.
  ///
  /// @throws IllegalArgumentException when one of these is no address
  public static JoinOptions to(String... roots) {
    return new JoinOptions(
        List.of(roots), Map.of(), Duration.ofSeconds(30), Duration.ofSeconds(25));
  }

  /// With one more of the settings of a worker.
  ///
  /// @throws IllegalArgumentException when there is no such setting, or it cannot be that
  public JoinOptions with(String setting, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.put(setting, value);
    return new JoinOptions(roots, more, joinTimeout, callTimeout);
  }

  public JoinOptions withJoinTimeout(Duration time) {
    return new JoinOptions(roots, settings, time, callTimeout);
  }

  public JoinOptions withCallTimeout(Duration time) {
    return new JoinOptions(roots, settings, joinTimeout, time);
  }

  /// Joins as the member that this identity makes it: links are encrypted, and records sealed.
  ///
  /// @param identity made by `banyan trust issue`, or what [#withToken] has left
  public JoinOptions withIdentity(Path identity) {
    return with(Setting.IDENTITY.key(), identity.toString());
  }

  /// Joins with a one-time token: the key service that it names makes the worker a member. It is not used again once the identity is there, so that
  /// the same options serve every start.
  ///
  /// @param token as `banyan trust token` prints it
  /// @param identity where the identity is written to, for this account alone
  public JoinOptions withToken(String token, Path identity) {
    return with(Setting.TOKEN.key(), token).withIdentity(identity);
  }

  Settings given() {
    return given(roots, settings);
  }

  boolean has(Setting setting) {
    return settings.containsKey(setting.key());
  }

  NodeSettings nodeSettings() {
    return NodeSettings.of(given(roots, settings));
  }

  long drainNanos() {
    return given(roots, settings).durationNanos(Setting.DRAIN_TIMEOUT);
  }

  /// An identity that a token is still to bring cannot be looked at yet.
  private static void nodeSettings(List<String> roots, Map<String, String> settings) {
    try {
      Map<String, String> now = new TreeMap<>(settings);
      if (now.containsKey(Setting.TOKEN.key())) {
        now.remove(Setting.IDENTITY.key());
        now.remove(Setting.REVOCATIONS.key());
      }
      NodeSettings.of(given(roots, now));
      given(roots, settings).durationNanos(Setting.DRAIN_TIMEOUT);
    } catch (SettingsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Settings given(List<String> roots, Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put(Setting.ROOT_ADDRESS.key(), String.join(",", roots));
    all.putIfAbsent(Setting.STORE_LIMIT.key(), "" + StoreLimit.ofHeap(SHARES));
    return Settings.given(NodeKind.CLIENT, all);
  }

  /// Without the values of settings: one is a secret.
  @Override
  public String toString() {
    return "JoinOptions[roots="
        + roots
        + ", settings="
        + new TreeMap<>(settings).keySet()
        + ", joinTimeout="
        + joinTimeout
        + ", callTimeout="
        + callTimeout
        + "]";
  }
}
