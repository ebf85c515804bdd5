package dev.banyan.cli.store;

import dev.banyan.cli.console.Terminal;
import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.BanyanException;
import dev.banyan.client.Revision;
import dev.banyan.client.Scope;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.SafeText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
      "Prints the current values, then every change as it comes, until interrupted. Each line has key, version and"
          + " value. If a key changes faster than its revisions can be sent, only the newest is printed.",
      "",
      "When the worker stops or the connection breaks, watch says so and tries again until the worker is back."
          + " Then it continues where it was. If the worker no longer knows where that was, watch prints what has"
          + " changed since.",
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
            "Watch every key that starts with this prefix. It must contain a /, or be empty to watch all keys.")
    private @Nullable String prefix;
  }

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Stop after this many revisions; 0 for never. Default: ${DEFAULT-VALUE}.",
      defaultValue = "0")
  private long limit;

  @Option(
      names = "--no-reconnect",
      description = "Fail when the connection breaks, instead of trying again.")
  private boolean once;

  private final ShownRevisions shown = new ShownRevisions();
  private long count;

  @Override
  public Integer call() throws InterruptedException {
    UserError.require(limit >= 0, "--limit: 0 or more, not " + limit);
    Scope scope = scope();
    CompletableFuture<Void> done = new CompletableFuture<>();
    try (Banyan worker = door.open();
        Watch watch = worker.watch(scope, event -> take(worker, event, done))) {
      watch
          .ended()
          .whenComplete((_, failure) -> {
            if (failure != null) {
              done.completeExceptionally(failure);
            }
          });
      done.get();
    } catch (ExecutionException e) {
      throw asUnchecked(e);
    }
    return 0;
  }

  private Scope scope() {
    if (subject.prefix != null) {
      return Scope.prefix(subject.prefix);
    }
    DoorOptions.requireKey(subject.key);
    return Scope.key(subject.key);
  }

  private static RuntimeException asUnchecked(ExecutionException failure) {
    return failure.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(failure);
  }

  /// Prints an event.
  ///
  /// @param done completed when that was all that is wanted
  private void take(Banyan worker, WatchEvent event, CompletableFuture<Void> done) {
    if (done.isDone()) {
      return;
    }
    switch (event) {
      case WatchEvent.Change change -> showIfNew(change.revision());
      case WatchEvent.Resumed _ -> say("watching again; nothing was missed");
      case WatchEvent.Restarted _ -> {
        say("watching again; what has changed since is shown now");
        shown.restart();
      }
      case WatchEvent.Current current -> note("watching", Map.of("values", current.values()));
      case WatchEvent.CaughtUp _ -> {
        shown.takeUnheard().forEach(gone -> showIfDeleted(worker, gone));
        note("caught-up", Map.of());
      }
      case WatchEvent.Interrupted broken when once ->
          done.completeExceptionally(UserError.failed(broken.line()));
      case WatchEvent.Interrupted broken -> say(broken.line() + "; trying again");
      case WatchEvent.Ended _ -> {
        // The watch completes with the reason.
      }
    }
    if (limit > 0 && count >= limit) {
      done.complete(null);
    }
  }

  /// A key that was there before the connection broke, and is not any more.
  private void showIfDeleted(Banyan worker, String key) {
    try {
      worker.history(key).stream().limit(1).filter(Revision::deleted).forEach(this::showIfNew);
    } catch (BanyanException e) {
      // No reason to end: if the worker has gone, the stream breaks off next, and all is told anew
      // after that.
      say(
          "whether "
              + SafeText.escaped(key)
              + " was deleted meanwhile is not known: "
              + DoorFailure.of(e).line());
    }
  }

  private void showIfNew(Revision revision) {
    if (shown.isNew(revision.key(), revision.version().text(), revision.deleted())) {
      show(revision);
    }
  }

  private void show(Revision revision) {
    count++;
    if (!door.json()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(SafeText.escaped(revision.key()) + "  " + RevisionView.of(revision));
      Terminal.flush(out);
    }
    note(revision.deleted() ? "delete" : "put", RevisionView.json(revision));
  }

  /// What only machines are told.
  private void note(String event, Map<String, ?> data) {
    if (door.json()) {
      PrintWriter out = spec.commandLine().getOut();
      Map<String, Object> line = new LinkedHashMap<>(data);
      line.put("event", event);
      out.println(Json.line(line));
      Terminal.flush(out);
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println("banyan: " + SafeText.oneLine(line));
    spec.commandLine().getErr().flush();
  }
}
