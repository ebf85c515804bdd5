package dev.banyan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.cli.door.DoorClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    name = "watch",
    header = "Follow the changes of a key or a prefix.",
    description =
        "Prints what is there, then every change as it comes, until interrupted: a line per revision, key, version and"
            + " value. Revisions that newer ones overtook on the way are left out.",
    footer = {
      "",
      "Examples:",
      "  banyan watch greeting",
      "  banyan watch --prefix config/ --json",
      "  banyan watch --prefix ''",
      "  banyan watch --limit 1 lock/migration"
    })
final class WatchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Subject subject = new Subject();

  /// What is watched.
  static final class Subject {
    @Parameters(paramLabel = "KEY", description = "The key to watch.")
    private String key = "";

    @Option(
        names = "--prefix",
        paramLabel = "PREFIX",
        description =
            "Watch every key that starts with it. It must have a / in it, or be empty: that is everything there is.")
    private @Nullable String prefix;
  }

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "End after this many revisions; 0 for never. Default: ${DEFAULT-VALUE}.",
      defaultValue = "0")
  private long limit;

  @Override
  public Integer call() {
    UserError.require(limit >= 0, "--limit: 0 or more, not " + limit);
    PrintWriter out = spec.commandLine().getOut();
    boolean prefix = subject.prefix != null;
    String name = subject.prefix == null ? subject.key : subject.prefix;
    try (DoorClient client = door.open();
        BufferedReader events =
            new BufferedReader(
                new InputStreamReader(client.watch(name, prefix), StandardCharsets.UTF_8))) {
      String event = "";
      long shown = 0;
      String line;
      while ((line = events.readLine()) != null) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          shown += show(out, event, Json.parse(line.substring("data: ".length()))) ? 1 : 0;
          if (limit > 0 && shown >= limit) {
            return 0;
          }
        }
      }
    } catch (IOException e) {
      throw UserError.failed(
          "the watch broke off ("
              + UserError.lineOf(e)
              + "): the worker has died, or this reader was too slow: watch again");
    }
    throw UserError.failed("the worker closed the watch: it is stopping");
  }

  private boolean show(PrintWriter out, String event, JsonNode data) {
    boolean revision = event.equals("put") || event.equals("delete");
    if (event.equals("overflow")) {
      throw UserError.failed("events were lost, this reader was too slow: watch again");
    }
    if (door.json() && data instanceof ObjectNode object) {
      object.put("event", event);
      out.println(Json.line(object));
    } else if (revision) {
      out.println(RevisionText.escaped(data.path("key").asText()) + "  " + RevisionText.of(data));
    }
    Terminal.flush(out);
    return revision;
  }
}
