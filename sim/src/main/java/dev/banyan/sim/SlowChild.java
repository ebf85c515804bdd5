package dev.banyan.sim;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeKind;
import java.time.Duration;
import java.util.List;

/// Some children's lines are so slow that what they want does not fit through: their queues fill, are bounded, and
/// their siblings are not held up.
public record SlowChild() implements Scenario {

  private static final Growth GROWTH = new Growth(4, 24, 2, 40);

  @Override
  public String name() {
    return "slow-child";
  }

  @Override
  public String title() {
    return "some children take less than they are sent";
  }

  @Override
  public void play(Run run) {
    GROWTH.grow(run).stop();
    List<SimNode> clients = run.live(NodeKind.CLIENT);
    List<SimNode> slow = run.some(clients, 3);
    for (SimNode node : slow) {
      run.faults().slow(node, LinkProfile.LOCAL.withBandwidth(20_000));
    }
    SimNode writer =
        clients.stream().filter(node -> !slow.contains(node)).findFirst().orElseThrow();
    for (int i = 0; i < 1_000; i++) {
      run.deliveries().publish(writer, Bytes.wrap(new byte[4_000]));
      run.pass(Duration.ofMillis(10));
    }
    run.settle();
  }
}
