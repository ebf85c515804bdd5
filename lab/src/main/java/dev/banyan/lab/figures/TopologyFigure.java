package dev.banyan.lab.figures;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Figure 7: the balanced binary tree of height 3 in which figures 8 and 9 are measured, as it comes about when a root, six
/// routers and eight workers with two places each join one after the other. x numbers nodes in the order of their start,
/// from 0, the root. Drawn from one run: with other seeds other workers sit beside each other.
public final class TopologyFigure implements Figure {

  /// The number of the node's parent; -1 of the root.
  public static final String PARENT = "parent";

  /// Links from the root.
  public static final String DEPTH = "depth";

  /// 1 of the root and of routers, 0 of workers.
  public static final String ROUTES = "routes";

  private static final int ROUTERS = 6;
  private static final int WORKERS = 8;
  private static final TreeConfig BINARY =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 2));

  /// Longer than a join takes, and a heartbeat: sizes are known.
  private static final Duration BETWEEN_JOINS = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "7";
  }

  @Override
  public String title() {
    return "balanced binary multicast tree, as the nodes have built it";
  }

  @Override
  public String explanation() {
    return """
    A root, six routers and eight workers, each router with places for two routers and two workers, were started one \
    after the other; nobody was told where to go. Numbers are the order in which they started. Figures 8 and 9 are \
    measured in this tree; its first and second router are routers 1 and 2 here. One run: with another seed other \
    workers sit beside each other.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    return List.of(new Joined());
  }

  @Override
  public Plot plot() {
    return new Plot(Plot.Kind.TREE, "", "", List.of(PARENT, DEPTH, ROUTES), Set.of(), Map.of());
  }

  private record Joined() implements Trial {

    @Override
    public String series() {
      return "banyan";
    }

    @Override
    public String configuration() {
      return "binary, %d routers, %d workers".formatted(ROUTERS, WORKERS);
    }

    @Override
    public boolean seeded() {
      return false;
    }

    @Override
    public List<Value> measure(long seed) {
      Run run = new Run(ClusterOptions.of(seed, "topology").withTraceLines(0));
      run.startTree(NodeKind.ROOT, BINARY);
      for (int i = 0; i < ROUTERS + WORKERS; i++) {
        run.startTree(i < ROUTERS ? NodeKind.ROUTER : NodeKind.CLIENT, BINARY);
        run.pass(BETWEEN_JOINS);
      }
      run.settle();
      List<Value> values = new ArrayList<>();
      for (SimNode node : run.cluster().nodes()) {
        String x = String.valueOf(node.index());
        values.add(new Value(x, PARENT, parentOf(run, node)));
        values.add(new Value(x, DEPTH, run.depthOf(node)));
        values.add(new Value(x, ROUTES, node.kind().routes() ? 1 : 0));
      }
      return values;
    }

    private static int parentOf(Run run, SimNode node) {
      NodeId parent = node.view().flatMap(NodeView::parent).orElse(node.id());
      int index = run.cluster().find(parent).orElse(node).index();
      return index == node.index() ? -1 : index;
    }
  }
}
