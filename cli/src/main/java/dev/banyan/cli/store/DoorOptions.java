package dev.banyan.cli.store;

import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.Condition;
import dev.banyan.client.Version;
import dev.banyan.client.Written;
import dev.banyan.node.settings.Addresses;
import dev.banyan.node.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Which worker a client command speaks to, and for whom it prints.
public final class DoorOptions {

  @Option(
      names = "--door",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:BANYAN_DOOR:-127.0.0.1:7171}",
      description =
          "The door of a worker. Default: what BANYAN_DOOR says, otherwise 127.0.0.1:7171.")
  private String door = "";

  @Option(names = "--json", description = "Print JSON, one object per line.")
  private boolean json;

  public boolean json() {
    return json;
  }

  /// What `--if-version` demands. Whoever gives the option has set a condition, whatever became of its value: an empty one
  /// (an unset variable of a script) must not turn into an unconditional write.
  static Condition ifVersion(String version) {
    try {
      return Condition.ifVersion(new Version(dev.banyan.store.Version.parse(version).toString()));
    } catch (IllegalArgumentException e) {
      throw UserError.usage("--if-version: " + e.getMessage());
    }
  }

  public static void requireKey(String key) {
    UserError.require(!key.isEmpty(), "a key has at least one character");
  }

  /// Prints the version of a write.
  void print(CommandSpec command, String key, Written written) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("key", key);
      line.put("version", written.version().text());
      line.put("stale", written.cutOff());
      command.commandLine().getOut().println(Json.line(line));
      return;
    }
    if (written.cutOff()) {
      command
          .commandLine()
          .getErr()
          .println(
              "banyan: this worker is cut off: others learn of this once it is back in the tree");
    }
    command.commandLine().getOut().println(written.version());
  }

  /// @throws UserError when the flag names no door
  public Banyan open() {
    try {
      return Banyan.connect(Addresses.parse(door).toString());
    } catch (IllegalArgumentException e) {
      throw UserError.usage("--door: " + e.getMessage());
    }
  }
}
