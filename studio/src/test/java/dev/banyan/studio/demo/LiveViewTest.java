package dev.banyan.studio.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LiveViewTest {

  private final LiveView view = new LiveView(24);
  private final Map<NodeId, Glimpse> seen = new LinkedHashMap<>();

  @Test
  void routers_are_branches_and_workers_share_lines_below_theirs() {
    see("root", 1, NodeKind.ROOT, 0, 5, 1, 0);
    see("r1", 2, NodeKind.ROUTER, 1, 4, 0, 0);
    see("w1", 3, NodeKind.CLIENT, 1, 0, 0, 0);
    for (int i = 2; i <= 5; i++) {
      see("worker" + i, 2 + i, NodeKind.CLIENT, 2, 0, 0, 0);
    }
    see("w6", 20, NodeKind.CLIENT, 0, 0, 0, 0);

    assertThat(view.lines(seen, new Cast()).stream().map(String::stripTrailing))
        .containsExactly(
            "root  5 workers, 1 router below",
            "├─ r1  4 workers below",
            "│  └─ worker2 worker3",
            "│     worker4 worker5",
            "└─ w1",
            "looking for a place: w6");
  }

  private void see(
      String name, long node, NodeKind kind, long parent, int clients, int routers, int imbalance) {
    NodeId id = new NodeId(node);
    view.name(id, name);
    boolean placed = parent != 0 || kind == NodeKind.ROOT;
    seen.put(
        id,
        new Glimpse(
            id,
            kind,
            placed,
            placed ? 1 : -1,
            parent == 0 ? Optional.empty() : Optional.of(new NodeId(parent)),
            imbalance,
            clients,
            routers,
            0,
            Map.of()));
  }
}
