package dev.banyan.studio.lab;

import dev.banyan.node.text.Json;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.scenario.Scenarios;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "sim",
    header = "Run the real nodes in a simulated network.",
    description =
        "Without a subcommand, lists the scenarios. Time, network and faults are simulated; nodes, stores and"
            + " frames are real. Everything depends on the seed alone. 'replay' is different: it repeats recorded"
            + " runs of the paper's own simulator by that simulator's rules.",
    commandListHeading = "%nCommands:%n",
    subcommands = {SimRunCommand.class, SimScaleCommand.class, SimReplayCommand.class},
    footer = {
      "",
      "Examples:",
      "  banyan sim",
      "  banyan sim run chaos --seed 42",
      "  banyan sim scale --nodes 1000000",
      "  banyan sim replay trace.json"
    })
public final class SimCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON, one object per line.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Scenario scenario : Scenarios.all()) {
      out.println(
          json ? json(scenario) : String.format("%-30s %s", scenario.name(), scenario.title()));
    }
    out.flush();
    return 0;
  }

  private static String json(Scenario scenario) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", scenario.name());
    json.put("title", scenario.title());
    return Json.line(json);
  }
}
