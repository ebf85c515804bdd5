package dev.banyan.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.RevisionText;
import dev.banyan.node.text.Words;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    header = "Show how a worker is.",
    description = {
      "Asks a worker through its door whether it is in the tree, where, and what it holds. --json prints all that the"
          + " worker says, its counters too.",
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
    try (DoorClient client = door.open()) {
      JsonNode status = client.status();
      PrintWriter out = spec.commandLine().getOut();
      if (door.json()) {
        out.println(Json.line(status));
      } else {
        print(out, status);
      }
      out.flush();
      return status.path("connected").asBoolean() ? 0 : UserError.FAILED;
    }
  }

  private static void print(PrintWriter out, JsonNode status) {
    out.println("worker    " + status.path("node").asText());
    out.println(
        "tree      "
            + (status.path("connected").asBoolean()
                ? "connected, at depth " + status.path("depth").asInt()
                : "cut off: "
                    + RevisionText.oneLine(status.path("trouble").asText("no way to a root"))
                    + "; it keeps trying")
            + (status.has("parent") ? ", parent " + status.path("parent").asText() : "")
            + (status.path("congested").asBoolean() ? ", CONGESTED upward" : ""));
    out.println(
        "holds     "
            + Words.counted(status.path("keys").asLong(), "key")
            + " (deleted ones that it remembers among them)");
    JsonNode interests = status.path("interests");
    out.println(
        "wants     "
            + Words.counted(interests.path("learned").asLong(), "key")
            + " that "
            + (interests.path("learned").asLong() == 1 ? "was" : "were")
            + " used, "
            + Words.counted(
                interests.path("explicit").asLong(), "key or prefix", "keys or prefixes")
            + " watched"
            + (interests.path("everything").asBoolean() ? ", everything" : ""));
  }
}
