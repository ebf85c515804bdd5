package dev.banyan.cli.store;

import dev.banyan.cli.console.UserError;
import dev.banyan.client.Assurance;
import dev.banyan.client.Banyan;
import dev.banyan.client.Entry;
import dev.banyan.client.Lookup;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.text.Json;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
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
    name = "get",
    header = "Read a value.",
    description = {
      "Prints the newest value that a worker knows, byte for byte, followed by a line break if the output is a"
          + " terminal. If the worker does not hold the key yet, it first fetches it from other workers.",
      "",
      "get reports that a key does not exist only if everybody who could hold it was asked. Otherwise it fails and"
          + " says that it is not known yet.",
      "",
      "Among workers with identities it adds on whose word: 'provisional' if only routers say so, 'confirmed' with"
          + " the time since when a worker has followed the key and knows of none. Both end with exit code 3.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the value was printed",
      "1:failed (no door, nobody answered in time, ...)",
      "2:wrong usage",
      "3:there is no such key",
    },
    footer = {"", "Examples:", "  banyan get greeting", "  banyan get --json greeting"})
public final class GetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Parameters(paramLabel = "KEY", description = "The key to read.")
  private String key = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "How long to wait for other workers if this one does not hold the key, 1ms to 60s. By default, get gives"
              + " up after about 5s and says that it is not known yet.")
  private @Nullable String timeout;

  @Override
  public Integer call() throws IOException {
    Optional<Duration> patience = Optional.ofNullable(timeout).map(GetCommand::patience);
    DoorOptions.requireKey(key);
    try (Banyan worker = door.open()) {
      Lookup lookup =
          patience.map(time -> worker.lookup(key, time)).orElseGet(() -> worker.lookup(key));
      Optional<Entry> found = lookup.entry();
      if (found.isEmpty()) {
        String onWhoseWord = lookup.absence().map(Assurance::text).orElse("");
        throw UserError.absent("no key '" + key + "'" + onWhoseWord);
      }
      if (door.json()) {
        spec.commandLine().getOut().println(Json.line(json(found.get())));
      } else {
        if (found.get().stale()) {
          spec.commandLine()
              .getErr()
              .println("banyan: this worker is cut off: newer values may exist elsewhere");
        }
        System.out.write(found.get().bytes());
        Console console = System.console();
        if (console != null && console.isTerminal()) {
          System.out.println();
        }
        System.out.flush();
      }
    }
    return 0;
  }

  private static Duration patience(String text) {
    long nanos = UserError.parsed("--timeout", () -> Durations.parse(text));
    UserError.require(
        nanos >= 1_000_000 && nanos <= 60_000_000_000L, "--timeout: 1ms to 60s, not " + text);
    return Duration.ofNanos(nanos);
  }

  private Map<String, Object> json(Entry found) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    json.put("version", found.version().text());
    json.put("stale", found.stale());
    RevisionView.putValue(json, found.value());
    return json;
  }
}
