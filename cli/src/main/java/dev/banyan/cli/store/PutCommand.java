package dev.banyan.cli.store;

import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.Condition;
import dev.banyan.client.Written;
import dev.banyan.node.text.Reason;
import dev.banyan.store.StoreCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "put",
    header = "Write a value.",
    description = {
      "Writes a value through a worker's door and prints its version. The worker sends it to every other worker"
          + " that is interested in the key. put does not wait for that.",
      "",
      "Conditions (--if-version, --if-absent) are checked by this worker alone. Of two callers that write through"
          + " the same worker, only one succeeds. Callers at two workers may both succeed at the same time; then"
          + " the greater version wins everywhere. So this is not a lock among workers.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:written",
      "1:failed; one line says why",
      "2:wrong usage",
      "4:the condition does not hold; nothing was written",
    },
    footer = {
      "",
      "Examples:",
      "  banyan put greeting 'hello, tree'",
      "  banyan put config/site - < site.yaml",
      "  banyan put --if-absent config/site 'the first draft'",
    })
public final class PutCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 1024 bytes of UTF-8.")
  private String key = "";

  @Parameters(
      index = "1",
      paramLabel = "VALUE",
      description = "The value, at most 1 MiB; - reads it from standard input.")
  private String value = "";

  @ArgGroup(exclusive = true)
  private Expectation expectation = new Expectation();

  /// What must hold for the write to be made.
  static final class Expectation {
    @Option(
        names = "--if-version",
        paramLabel = "VERSION",
        description =
            "Write only if this is the newest version of the key at this worker. 'get --json' prints versions.")
    private @Nullable String version;

    @Option(
        names = "--if-absent",
        description = "Write only if the key does not exist, as far as this worker knows.")
    private boolean absent;

    Optional<Condition> expected() {
      if (absent) {
        return Optional.of(Condition.ifAbsent());
      }
      return Optional.ofNullable(version).map(DoorOptions::ifVersion);
    }
  }

  @Override
  public Integer call() {
    Optional<Condition> expected = expectation.expected();
    byte[] bytes = value.equals("-") ? standardInput() : value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > StoreCommand.MAX_VALUE_BYTES) {
      throw UserError.failed(
          "a value has at most "
              + StoreCommand.MAX_VALUE_BYTES
              + " bytes, this one more: split it over several keys");
    }
    DoorOptions.requireKey(key);
    try (Banyan worker = door.open()) {
      Written written =
          expected
              .map(condition -> worker.put(key, bytes, condition))
              .orElseGet(() -> worker.put(key, bytes));
      door.print(spec, key, written);
    }
    return 0;
  }

  private static byte[] standardInput() {
    try {
      return System.in.readNBytes(StoreCommand.MAX_VALUE_BYTES + 1);
    } catch (IOException e) {
      throw UserError.failed("standard input cannot be read: " + Reason.of(e));
    }
  }
}
