package dev.banyan.sim.run;

import dev.banyan.sim.ClusterOptions;

/// A cluster, what is done with it, what goes wrong, and what must hold at the end. Checks beyond those of every run
/// are the scenario's own ([Run#require]).
public interface Scenario {

  /// By which it is found on the command line: lower case, words joined by hyphens.
  String name();

  /// One line for people.
  String title();

  void play(Run run);

  /// What the scenario wants otherwise than usual: another network, say.
  default ClusterOptions fit(ClusterOptions options) {
    return options;
  }

  /// Plays it.
  ///
  /// @throws Violation when a check does not hold
  default ScenarioResult run(long seed) {
    return run(ClusterOptions.of(seed, name()));
  }

  default ScenarioResult run(ClusterOptions options) {
    Run run = new Run(fit(options));
    play(run);
    return run.result();
  }
}
