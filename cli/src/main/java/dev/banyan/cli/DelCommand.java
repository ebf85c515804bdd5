package dev.banyan.cli;

import dev.banyan.cli.door.DoorClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "del",
    header = "Delete a key.",
    description =
        "Writes a tombstone, which spreads as a value does, and prints its version. Deleting what is not there is no"
            + " error.",
    footer = {"", "Example:", "  banyan del greeting"})
final class DelCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Parameters(paramLabel = "KEY", description = "The key to delete.")
  private String key = "";

  @Option(
      names = "--if-version",
      paramLabel = "VERSION",
      description = "Delete only if this worker's newest version of the key is this one.")
  private @Nullable String version;

  @Override
  public Integer call() {
    Optional<DoorClient.Expected> expected =
        Optional.ofNullable(version).map(DoorOptions::ifVersion);
    try (DoorClient client = door.open()) {
      String tombstone = client.delete(key, expected);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("key", key);
      json.put("version", tombstone);
      spec.commandLine().getOut().println(door.json() ? Json.line(json) : tombstone);
    }
    return 0;
  }
}
