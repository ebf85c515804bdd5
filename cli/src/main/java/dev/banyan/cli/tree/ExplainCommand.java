package dev.banyan.cli.tree;

import dev.banyan.cli.console.UserError;
import dev.banyan.cli.store.DoorOptions;
import dev.banyan.client.Banyan;
import dev.banyan.node.inspect.Explainer;
import dev.banyan.node.inspect.Explanation;
import dev.banyan.node.inspect.ExplanationJson;
import dev.banyan.node.inspect.KeyReport;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.SafeText;
import dev.banyan.protocol.Address;
import dev.banyan.store.KeyTag;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "explain",
    header = "Show where an update of a key would go, and why.",
    description = {
      "Asks a worker through its door for the key's tags, because only workers can compute them. Then asks the"
          + " root and every router below it what they would do with an update that has these tags, and draws the"
          + " answers.",
      "",
      "Downward, each link says whether it would carry the update; for which tag (the key's own, one of its"
          + " prefixes, or because somebody wants everything); and by which filter and version: an exact set, or a"
          + " set of tags cut to a number of bits. A cut set may be wrong. So the workers below are asked, through"
          + " their routers, whether they want the key. If none of them does, the link is marked as carrying the"
          + " update for nothing.",
      "",
      "Upward, each router (and each worker that was asked) says whether an update from below would go on to its"
          + " parent. It stops when the parent has answered for each of its tags that nobody outside wants it.",
      "",
      "Nodes are asked one after the other. While interest changes, their answers may not match.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan explain robot/7/pose",
      "  banyan explain robot/7/pose --all",
      "  banyan explain robot/7/pose --json | jq '.links[] | select(.verdict == \"falsePositive\")'",
    })
public final class ExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DoorOptions door;
  @Mixin private SurveyOptions survey;

  @Parameters(paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Option(names = "--all", description = "Also list each worker that would not get the update.")
  private boolean all;

  @Override
  public Integer call() throws InterruptedException {
    KeyReport report = report();
    List<Address> roots = survey.roots(report.roots());
    Explainer explainer = new Explainer(survey.line(report.tree(), roots));
    Explanation explanation =
        SurveyOptions.answered(
            roots,
            root -> explainer.explain(root, report.key(), Map.of(report.worker(), report.said())));
    PrintWriter out = spec.commandLine().getOut();
    if (door.json()) {
      out.println(Json.line(ExplanationJson.of(explanation)));
    } else {
      for (KeyTag tag : report.key()) {
        out.printf(
            "%s %s  tag %016x%n",
            tag.prefix() ? "prefix" : "key", SafeText.escaped(tag.name()), tag.tag());
      }
      new ExplanationDrawing(all).lines(explanation).forEach(out::println);
    }
    out.flush();
    boolean whole =
        explanation.topology().silent().isEmpty() && explanation.silentWorkers().isEmpty();
    return whole ? 0 : UserError.FAILED;
  }

  private KeyReport report() {
    DoorOptions.requireKey(key);
    try (Banyan worker = door.open()) {
      return KeyReport.parse(Json.parse(worker.tagsJson(key)));
    } catch (IllegalArgumentException e) {
      throw UserError.failed(
          "the door did not say what the key's tags are ("
              + e.getMessage()
              + "): is it of another version?");
    }
  }
}
