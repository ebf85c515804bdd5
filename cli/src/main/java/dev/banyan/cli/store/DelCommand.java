package dev.banyan.cli.store;

import dev.banyan.client.Banyan;
import dev.banyan.client.Condition;
import dev.banyan.client.Written;
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
        "Marks the key as deleted and prints the version of the deletion. A deletion spreads like a value."
            + " Deleting a key that does not exist is not an error.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:deleted",
      "1:failed; one line says why",
      "2:wrong usage",
      "4:the condition does not hold; nothing was deleted",
    },
    footer = {"", "Example:", "  banyan del greeting"})
public final class DelCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Parameters(paramLabel = "KEY", description = "The key to delete.")
  private String key = "";

  @Option(
      names = "--if-version",
      paramLabel = "VERSION",
      description =
          "Delete only if this is the newest version of the key at this worker. 'get --json' prints versions."
              + " Another worker may write at the same time.")
  private @Nullable String version;

  @Override
  public Integer call() {
    Optional<Condition> expected = Optional.ofNullable(version).map(DoorOptions::ifVersion);
    DoorOptions.requireKey(key);
    try (Banyan worker = door.open()) {
      Written written =
          expected
              .map(condition -> worker.delete(key, condition))
              .orElseGet(() -> worker.delete(key));
      door.print(spec, key, written);
    }
    return 0;
  }
}
