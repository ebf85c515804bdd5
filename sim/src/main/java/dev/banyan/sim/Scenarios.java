package dev.banyan.sim;

import java.util.List;
import java.util.Optional;

/// The scenarios that can be run by name.
public final class Scenarios {

  private static final List<Scenario> ALL =
      List.of(
          JoinsAndRemovals.PAPER,
          JoinsAndRemovals.HARDER,
          new MassFailure(10),
          new MassFailure(30),
          new MassFailure(50),
          new MassFailure(70),
          new MassFailure(90),
          MassDeath.KILLED,
          MassDeath.POWERLESS,
          RootAway.RESTART,
          RootAway.LONG,
          new RootRestartReads(),
          UselessHolders.DEAF,
          UselessHolders.CHATTERING,
          SlowSync.THIN,
          SlowSync.FAR,
          new FlappingLink(),
          new InterestTides(),
          SlowChild.DRAINING,
          SlowChild.HOPELESS,
          SlowChild.OVERFLOWING,
          SlowLinks.FEW,
          SimultaneousStart.THOUSAND,
          new UndialableRouter(),
          new UndialableCrowd(),
          SwallowingRouter.SILENT,
          SwallowingRouter.ASSIGNING,
          new ForgedReturns(),
          new HungFirstRoot(),
          new MismatchedSettings(),
          new DuplicateIds(),
          new RollingRestart(),
          new FarApart(),
          new CutOff(),
          ConcurrentPuts.NEAR,
          ConcurrentPuts.FAR,
          new WorkingSet(),
          new LateArchive(),
          new LateWriter(),
          new WrongClocks(),
          new FutureRecords(),
          new Resurrections(),
          new Tasks(),
          CleanStops.HONEST,
          new FullWorkers(),
          new GreedyWorker(),
          GreedyLeafLiar.TAGS,
          GreedyLeafLiar.BITS,
          ControlFlood.MARKS,
          ControlFlood.CLIENTS,
          new RelayFlood(),
          Chaos.TREE,
          Chaos.WORKERS);

  private Scenarios() {}

  public static List<Scenario> all() {
    return ALL;
  }

  public static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
