package dev.banyan.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.RevisionText;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "keys",
    header = "List the keys a worker holds.",
    description =
        "Lists, in order, the keys of which this worker holds a value. Other workers may hold others: a worker holds"
            + " what it wrote, read or watches.",
    footer = {"", "Examples:", "  banyan keys", "  banyan keys --prefix config/"})
public final class KeysCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that start with it.")
  private String prefix = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (DoorClient client = door.open()) {
      String after = "";
      boolean more = true;
      while (more) {
        JsonNode page = client.keys(prefix, after);
        for (JsonNode key : page.path("keys")) {
          after = key.asText();
          out.println(door.json() ? Json.line(Map.of("key", after)) : RevisionText.escaped(after));
        }
        more = page.path("more").asBoolean() && !page.path("keys").isEmpty();
      }
    }
    out.flush();
    return 0;
  }
}
