package dev.banyan.lab.claims;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Trial;
import dev.banyan.lab.tasks.NodeRules;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/// Measures what the claims say and no figure shows; x is the number of the claim. There is no picture.
public final class ClaimsFigure implements Figure {

  static final String NAME = "claims";

  /// 1 if a checker that watched the run found something wrong, else 0.
  static final String VIOLATIONS = "violations";

  private static final int QUICK_SEEDS = 2;
  private static final int FULL_SEEDS = 10;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "what the claims say and no figure shows";
  }

  @Override
  public String explanation() {
    return """
    Runs made for the claims that no figure of the paper shows; x is the number of the claim, metrics are what its \
    criterion asks for. The verdicts are in the table of claims; there is no picture.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    int seeds = quick ? QUICK_SEEDS : FULL_SEEDS;
    List<Trial> trials = new ArrayList<>();
    for (Rules rules : Rules.values()) {
      TreeConfig.Rules tree = rules.node.tree();
      trials.add(
          new Test(1, rules.series, seeds, (to, seed) -> TreeClaims.messages(tree, seed, to)));
      trials.add(new Test(2, rules.series, seeds, (to, seed) -> TreeClaims.joins(tree, seed, to)));
      trials.add(
          new Test(3, rules.series, seeds, (to, seed) -> TreeClaims.answers(tree, seed, to)));
      trials.add(
          new Test(
              4,
              rules.series,
              seeds,
              (to, seed) -> TrafficClaims.heartbeats(rules.node, seed, to)));
      trials.add(
          new Test(5, rules.series, seeds, (to, seed) -> TreeClaims.culling(tree, seed, to)));
      trials.add(
          new Test(10, rules.series, seeds, (to, seed) -> TreeClaims.depths(tree, seed, to)));
      trials.add(
          new Test(
              14, rules.series, seeds, (to, seed) -> TrafficClaims.sharding(rules.node, seed, to)));
      trials.add(
          new Test(20, rules.series, seeds, (to, seed) -> TreeClaims.unicast(tree, seed, to)));
    }
    trials.add(new Test(6, "banyan", seeds, (to, seed) -> FilterClaims.members(seed, to)));
    trials.add(
        new Test(14, "paper", seeds, (to, seed) -> TrafficClaims.publishedSharding(seed, to)));
    trials.add(new Test(17, "paper", seeds, (to, seed) -> TrafficClaims.sharedKeys(seed, to)));
    return trials;
  }

  @Override
  public Plot plot() {
    return new Plot(Plot.Kind.BARS, "", "", List.of(), Set.of(), Map.of());
  }

  /// Of the node that ships.
  private enum Rules {
    PAPER("paper-rules", NodeRules.PAPER),
    BANYAN("banyan", NodeRules.BANYAN);

    private final String series;
    private final NodeRules node;

    Rules(String series, NodeRules node) {
      this.series = series;
      this.node = node;
    }
  }

  private record Test(int claim, String series, int mostSeeds, ObjLongConsumer<Findings> run)
      implements Trial {

    @Override
    public String configuration() {
      return "claim " + claim;
    }

    @Override
    public double expectedSeconds() {
      return 0.25;
    }

    @Override
    public List<Value> measure(long seed) {
      Findings findings = new Findings(claim);
      try {
        run.accept(findings, seed);
        findings.put(VIOLATIONS, 0);
      } catch (Violation violation) {
        findings.put(VIOLATIONS, 1);
      }
      return findings.values();
    }
  }
}
