package dev.banyan.cli.store;

import dev.banyan.client.Banyan;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.SafeText;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "keys",
    header = "List the keys a worker holds.",
    description =
        "Lists the keys that this worker has a value for, in order. A worker holds the keys that it wrote, read or"
            + " watches; other workers may hold other keys.",
    footer = {"", "Examples:", "  banyan keys", "  banyan keys --prefix config/"})
public final class KeysCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Only keys that start with this prefix.")
  private String prefix = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Banyan worker = door.open();
        Stream<String> keys = worker.keys(prefix)) {
      keys.forEach(
          key -> out.println(door.json() ? Json.line(Map.of("key", key)) : SafeText.escaped(key)));
    }
    out.flush();
    return 0;
  }
}
