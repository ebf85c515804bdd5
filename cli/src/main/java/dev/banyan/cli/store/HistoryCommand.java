package dev.banyan.cli.store;

import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.Revision;
import dev.banyan.node.text.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "history",
    header = "Show the revisions of a key.",
    description =
        "Prints the revisions of a key that a worker still has, newest first: version, writer, value. A worker"
            + " keeps a few revisions of each key (worker --history-revisions).",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; one line says why",
      "2:wrong usage",
      "3:the worker has no revision of the key",
    },
    footer = {"", "Example:", "  banyan history greeting"})
public final class HistoryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Parameters(paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    DoorOptions.requireKey(key);
    try (Banyan worker = door.open()) {
      List<Revision> revisions = worker.history(key);
      if (revisions.isEmpty()) {
        throw UserError.absent("this worker remembers nothing of '" + key + "'");
      }
      for (Revision revision : revisions) {
        out.println(
            door.json() ? Json.line(RevisionView.json(revision)) : RevisionView.of(revision));
      }
    }
    out.flush();
    return 0;
  }
}
