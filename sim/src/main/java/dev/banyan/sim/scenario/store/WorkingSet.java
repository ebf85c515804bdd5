package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Drift;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Readers whose working sets drift over many keys, grow and shrink again, under parents that stay (§9.0.2): what the
/// parents' links want follows them up and down, all the while nobody misses an update, and in the end nothing is left
/// but what must be kept.
public record WorkingSet() implements Scenario {

  private static final Growth GROWTH = new Growth(4, 14, 2, 16);
  private static final Duration HALF_LIFE = Duration.ofSeconds(8);
  private static final int NARROW = 8;
  private static final int WIDE = 400;

  /// Long enough for what a phase before it left to fade.
  private static final Duration PHASE = Duration.ofSeconds(55);

  @Override
  public String name() {
    return "working-set";
  }

  @Override
  public String title() {
    return "working sets drift, and interest follows them down as well as up";
  }

  @Override
  public void play(Run run) {
    Drift load = new Drift(run, StoreConfig.DEFAULT.withHalfLifeNanos(HALF_LIFE.toNanos()), NARROW);
    GROWTH.grow(run, load);
    double narrow = phase(run, load, NARROW);
    double wide = phase(run, load, WIDE);
    double narrowAgain = phase(run, load, NARROW);
    run.require(
        wide > 2 * narrow && narrowAgain < wide / 2 && narrowAgain < 1.3 * narrow,
        "the tags of a reader's link are %.1f, then %.1f, then %.1f: that does not follow"
            .formatted(narrow, wide, narrowAgain));
    List<SimNode> routers = run.live(NodeKind.ROUTER);
    run.faults().crash(routers.get(run.random().nextInt(routers.size())));
    run.pass(Duration.ofSeconds(20));
    load.checkBounds();
    load.stop();
    run.settle();
    run.pass(load.longest().plus(load.longestForOthers()));
    run.settle();
    load.check();
    checkWhatIsLeft(run);
  }

  /// Lets users work with windows of this many keys.
  ///
  /// @return the mean number of tags of a reader's link, when what went before has faded
  private static double phase(Run run, Drift load, int window) {
    load.window(window);
    run.pass(PHASE);
    long tags = 0;
    long links = 0;
    for (int i = 0; i < 10; i++) {
      run.pass(Duration.ofSeconds(1));
      load.checkBounds();
      for (SimNode router : run.live(NodeKind.ROUTER)) {
        for (NodeView.Child child : children(router).toList()) {
          SimNode node = run.cluster().find(child.node()).orElseThrow();
          if (load.isReader(node)) {
            tags += child.tags();
            links++;
          }
        }
      }
    }
    return (double) tags / links;
  }

  private static Stream<NodeView.Child> children(SimNode node) {
    NodeView view = node.view().orElseThrow();
    return Stream.concat(view.childRouters().stream(), view.childClients().stream());
  }

  /// Nobody has used anything for long: each worker holds what it wrote last, and every link of the tree wants exactly
  /// the tags of that.
  private static void checkWhatIsLeft(Run run) {
    for (SimNode node : run.up(NodeKind.CLIENT)) {
      if (node.machine instanceof Worker worker) {
        for (Worker.Held held : worker.held()) {
          run.require(
              held.version().writer().equals(node.id),
              node + " still holds '" + held.key() + "', which another wrote");
        }
      }
    }
    for (SimNode node : run.cluster().nodes()) {
      if (node.up() && node.kind().routes()) {
        for (NodeView.Child child : children(node).toList()) {
          Set<Long> wanted = new TreeSet<>();
          int others = wantedBelow(run, child.node(), wanted);
          run.require(
              child.tags() == wanted.size() + others,
              "%s counts %d tags for %s, its subtree wants %d and has %d inboxes and marks of presence"
                  .formatted(node, child.tags(), child.node(), wanted.size(), others));
        }
      }
    }
  }

  /// Adds the tags of keys that are wanted below a node.
  ///
  /// @return how many other tags there are: an inbox for each node, and one by which all who hold something are found
  private static int wantedBelow(Run run, NodeId top, Set<Long> wanted) {
    List<SimNode> subtree = new ArrayList<>();
    subtree.add(run.cluster().find(top).orElseThrow());
    for (int i = 0; i < subtree.size(); i++) {
      children(subtree.get(i))
          .forEach(child -> subtree.add(run.cluster().find(child.node()).orElseThrow()));
    }
    for (SimNode node : subtree) {
      if (node.machine instanceof Worker worker) {
        for (long tag : worker.interestTags()) {
          wanted.add(tag);
        }
      }
    }
    return subtree.size() + (wanted.isEmpty() ? 0 : 1);
  }
}
