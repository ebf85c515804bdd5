package dev.banyan.studio.lab;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.sim.Violation;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.ScenarioResult;
import dev.banyan.sim.scenario.Scenarios;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    header = "Run a scenario with one seed or with many.",
    description =
        "Runs a scenario with all checkers on. The first check that fails ends the run. Then it prints what broke,"
            + " what led there, and the command that repeats it.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every check held", "1:a check failed", "2:wrong usage"},
    footer = {
      "",
      "Examples:",
      "  banyan sim run chaos --seed 42",
      "  banyan sim run mass-failure-50 --seed 1 --seeds 100",
    })
final class SimRunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SCENARIO",
      completionCandidates = LabCandidates.ScenarioNames.class,
      description = "The name of the scenario. 'banyan sim' lists them.")
  private String name = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The (first) seed. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many seeds to run, one after the other. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--twice",
      description = "Run each seed twice and check that the traces are equal.")
  private boolean twice;

  @Option(names = "--json", description = "Print each result as one line of JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Optional<Scenario> scenario = Scenarios.named(name);
    if (scenario.isEmpty()) {
      throw UserError.usage("there is no scenario '" + name + "': 'banyan sim' lists them");
    }
    UserError.require(seeds >= 1, "--seeds: at least 1, not " + seeds);
    UserError.require(
        seed <= Long.MAX_VALUE - seeds,
        "--seed: at most " + (Long.MAX_VALUE - seeds) + " with --seeds " + seeds);
    for (long next = seed; next < seed + seeds; next++) {
      if (!run(scenario.get(), next)) {
        return UserError.FAILED;
      }
    }
    return 0;
  }

  private boolean run(Scenario scenario, long next) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      ScenarioResult result = scenario.run(next);
      out.println(json ? Json.line(result) : text(result));
      out.flush();
      if (twice && scenario.run(next).traceHash() != result.traceHash()) {
        throw UserError.failed(
            "two runs of "
                + scenario.name()
                + " with seed "
                + next
                + " differ: something is not in the seed's hands");
      }
      return true;
    } catch (Violation violation) {
      spec.commandLine().getErr().println(violation.getMessage());
      spec.commandLine().getErr().flush();
      return false;
    }
  }

  private static String text(ScenarioResult result) {
    return String.format(
        Locale.ROOT,
        "%s seed %d held: %d nodes, %d events in %.1f virtual s; %d of %d orphans re-attached, %d with one join"
            + " request; %d moves; %d deliveries checked, %d replicas compared; trace %016x",
        result.scenario(),
        result.seed(),
        result.nodes(),
        result.events(),
        result.virtualNanos() / 1e9,
        result.parents().foundAnew(),
        result.parents().lost(),
        result.parents().foundAnewWithOneJoinRequest(),
        result.moves().completed(),
        result.multicasts().deliveriesChecked(),
        result.replicas().compared(),
        result.traceHash());
  }
}
