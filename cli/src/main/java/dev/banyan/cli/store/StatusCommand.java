package dev.banyan.cli.store;

import dev.banyan.cli.console.UserError;
import dev.banyan.client.Banyan;
import dev.banyan.client.Status;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.SafeText;
import dev.banyan.node.text.Words;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    header = "Show the state of a worker.",
    description = {
      "Asks a worker through its door whether it is in the tree, where, and what it holds. --json prints"
          + " everything that the worker reports, including its counters.",
      "",
      "'banyan tree' shows the whole tree instead.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the worker is in the tree",
      "1:it is cut off from the tree, or did not answer",
      "2:wrong usage",
    },
    footer = {"", "Examples:", "  banyan status", "  banyan status --door 127.0.0.1:7172 --json"})
public final class StatusCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;

  @Override
  public Integer call() {
    try (Banyan worker = door.open()) {
      Status status = worker.status();
      PrintWriter out = spec.commandLine().getOut();
      if (door.json()) {
        out.println(Json.line(Json.parse(status.json())));
      } else {
        print(out, status);
      }
      out.flush();
      return status.connected() ? 0 : UserError.FAILED;
    }
  }

  private static void print(PrintWriter out, Status status) {
    out.println("worker    " + status.worker());
    out.println(
        "tree      "
            + (status.connected()
                ? "connected, at depth " + status.depth()
                : "cut off: "
                    + SafeText.oneLine(status.trouble().orElse("no way to a root"))
                    + "; it keeps trying")
            + status.parent().map(parent -> ", parent " + parent).orElse("")
            + (status.congested() ? ", CONGESTED upward" : ""));
    out.println(
        "holds     "
            + Words.counted(status.keys(), "key")
            + " (deleted ones that it remembers among them)");
    Status.Interests interests = status.interests();
    out.println(
        "wants     "
            + Words.counted(interests.learned(), "key")
            + " that "
            + (interests.learned() == 1 ? "was" : "were")
            + " used, "
            + Words.counted(interests.explicit(), "key or prefix", "keys or prefixes")
            + " watched"
            + (interests.everything() ? ", everything" : ""));
  }
}
