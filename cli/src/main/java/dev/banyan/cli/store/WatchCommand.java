package dev.banyan.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.cli.console.Terminal;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.RevisionText;
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
    description = {
      "Prints what is there, then every change as it comes, until interrupted: a line per revision, key, version and"
          + " value. Revisions that newer ones overtook on the way are left out.",
      "",
      "When the worker stops or the connection breaks, it says so, and tries again until the worker is back. Then it goes"
          + " on where it was; if the worker does not remember where that was, it shows what has changed since.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan watch greeting",
      "  banyan watch --prefix config/ --json",
      "  banyan watch --prefix ''",
      "  banyan watch --limit 1 greeting"
    })
public final class WatchCommand implements Callable<Integer> {

  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 2_000;

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

  @Option(
      names = "--no-reconnect",
      description = "End with a failure when the watch breaks off, instead of trying again.")
  private boolean once;

  private final ShownRevisions shown = new ShownRevisions();
  private long count;
  private String lastId = "";

  /// Why the stream that was read last ended.
  private String broken = "";

  @Override
  public Integer call() throws InterruptedException {
    UserError.require(limit >= 0, "--limit: 0 or more, not " + limit);
    try (DoorClient client = door.open()) {
      boolean done = follow(client, open(client));
      while (!done) {
        if (once) {
          throw UserError.failed(broken);
        }
        say(broken + "; trying again");
        done = follow(client, reopened(client));
      }
    }
    return 0;
  }

  private BufferedReader open(DoorClient client) {
    boolean prefix = subject.prefix != null;
    String name = subject.prefix == null ? subject.key : subject.prefix;
    return new BufferedReader(
        new InputStreamReader(client.watch(name, prefix, lastId), StandardCharsets.UTF_8));
  }

  private BufferedReader reopened(DoorClient client) throws InterruptedException {
    long waitMillis = FIRST_WAIT_MILLIS;
    while (true) {
      Thread.sleep(waitMillis);
      try {
        return open(client);
      } catch (UserError e) {
        waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT_MILLIS);
      }
    }
  }

  /// Prints what comes, until the stream ends.
  ///
  /// @return whether that was all that is wanted
  private boolean follow(DoorClient client, BufferedReader stream) {
    broken = "the watch broke off: the worker has died, or the connection to it";
    try (BufferedReader events = stream) {
      String event = "";
      String line;
      while ((line = events.readLine()) != null) {
        if (line.startsWith("id: ")) {
          lastId = line.substring("id: ".length());
        } else if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          take(client, event, Json.parse(line.substring("data: ".length())));
          if (limit > 0 && count >= limit) {
            return true;
          }
        }
      }
    } catch (IOException e) {
      // It broke off, as is said by whoever called.
    }
    return false;
  }

  private void take(DoorClient client, String event, JsonNode data) {
    switch (event) {
      case "put", "delete" -> showIfNew(event, data);
      case "resumed" -> say("watching again; nothing was missed");
      case "restarted" -> {
        say("watching again; what has changed since is shown now");
        shown.restart();
      }
      case "caught-up" -> {
        shown.takeUnheard().forEach(gone -> showIfDeleted(client, gone));
        note(event, data);
      }
      case "overflow" -> broken = "this reader was too slow, and events were left out";
      case "ended" -> broken = "the worker ended the watch (" + data.path("error").asText() + ")";
      case "stopping" -> broken = "the worker is stopping";
      default -> note(event, data);
    }
  }

  /// A key that was there before the connection broke, and is not any more.
  private void showIfDeleted(DoorClient client, String key) {
    try {
      client
          .history(key)
          .map(history -> history.path("revisions").path(0))
          .filter(revision -> revision.path("deleted").asBoolean())
          .ifPresent(revision -> showIfNew("delete", revision));
    } catch (UserError e) {
      // No reason to end: if the worker has gone, the stream breaks off next, and all is told anew
      // after that.
      say(
          "whether "
              + RevisionText.escaped(key)
              + " was deleted meanwhile is not known: "
              + e.getMessage());
    }
  }

  private void showIfNew(String event, JsonNode revision) {
    if (shown.isNew(
        revision.path("key").asText(), revision.path("version").asText(), event.equals("delete"))) {
      show(event, revision);
    }
  }

  private void show(String event, JsonNode revision) {
    count++;
    if (!door.json()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          RevisionText.escaped(revision.path("key").asText()) + "  " + RevisionText.of(revision));
      Terminal.flush(out);
    }
    note(event, revision);
  }

  /// What only machines are told.
  private void note(String event, JsonNode data) {
    if (door.json() && data instanceof ObjectNode object) {
      PrintWriter out = spec.commandLine().getOut();
      object.put("event", event);
      out.println(Json.line(object));
      Terminal.flush(out);
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println("banyan: " + line);
    spec.commandLine().getErr().flush();
  }
}
