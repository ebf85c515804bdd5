package dev.banyan.sim.scenario;

import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.scenario.attack.ControlFlood;
import dev.banyan.sim.scenario.attack.ForgedAbsence;
import dev.banyan.sim.scenario.attack.ForgedReturns;
import dev.banyan.sim.scenario.attack.GreedyLeafLiar;
import dev.banyan.sim.scenario.attack.GreedyWorker;
import dev.banyan.sim.scenario.attack.Impostors;
import dev.banyan.sim.scenario.attack.LeadingClocks;
import dev.banyan.sim.scenario.attack.MutantMembers;
import dev.banyan.sim.scenario.attack.MutantRouters;
import dev.banyan.sim.scenario.attack.RelayFlood;
import dev.banyan.sim.scenario.attack.SwallowingRouter;
import dev.banyan.sim.scenario.attack.UndialableCrowd;
import dev.banyan.sim.scenario.attack.UndialableRouter;
import dev.banyan.sim.scenario.attack.UselessHolders;
import dev.banyan.sim.scenario.churn.Chaos;
import dev.banyan.sim.scenario.churn.CleanStops;
import dev.banyan.sim.scenario.churn.CutOff;
import dev.banyan.sim.scenario.churn.DuplicateIds;
import dev.banyan.sim.scenario.churn.FlappingLink;
import dev.banyan.sim.scenario.churn.HungFirstRoot;
import dev.banyan.sim.scenario.churn.JoinsAndRemovals;
import dev.banyan.sim.scenario.churn.MassDeath;
import dev.banyan.sim.scenario.churn.MassFailure;
import dev.banyan.sim.scenario.churn.MismatchedSettings;
import dev.banyan.sim.scenario.churn.RollingRestart;
import dev.banyan.sim.scenario.churn.RootAway;
import dev.banyan.sim.scenario.churn.SimultaneousStart;
import dev.banyan.sim.scenario.link.FarApart;
import dev.banyan.sim.scenario.link.SlowChild;
import dev.banyan.sim.scenario.link.SlowLinks;
import dev.banyan.sim.scenario.link.SlowSync;
import dev.banyan.sim.scenario.store.ConcurrentPuts;
import dev.banyan.sim.scenario.store.FirstWrites;
import dev.banyan.sim.scenario.store.FreshWatches;
import dev.banyan.sim.scenario.store.FullWorkers;
import dev.banyan.sim.scenario.store.FutureRecords;
import dev.banyan.sim.scenario.store.InterestTides;
import dev.banyan.sim.scenario.store.KeyRotation;
import dev.banyan.sim.scenario.store.LateArchive;
import dev.banyan.sim.scenario.store.LateWriter;
import dev.banyan.sim.scenario.store.PrunedBatches;
import dev.banyan.sim.scenario.store.Resurrections;
import dev.banyan.sim.scenario.store.RootRestartReads;
import dev.banyan.sim.scenario.store.SealedStore;
import dev.banyan.sim.scenario.store.SlowNodes;
import dev.banyan.sim.scenario.store.Tasks;
import dev.banyan.sim.scenario.store.WorkingSet;
import dev.banyan.sim.scenario.store.WrongClocks;
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
          new Impostors(),
          MutantRouters.ANY,
          MutantRouters.CHANGING,
          new MutantMembers(true),
          new ForgedAbsence(true),
          new RollingRestart(),
          new FarApart(),
          new CutOff(),
          ConcurrentPuts.NEAR,
          ConcurrentPuts.FAR,
          new WorkingSet(),
          new LateArchive(),
          new LateWriter(),
          FirstWrites.OF_KEYS,
          FirstWrites.BELOW_WATCHES,
          new FreshWatches(),
          new SealedStore(),
          PrunedBatches.HONEST,
          PrunedBatches.GREEDY,
          new KeyRotation(true),
          new WrongClocks(),
          new FutureRecords(),
          new LeadingClocks(),
          new Resurrections(),
          new SlowNodes(),
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
