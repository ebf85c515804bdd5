package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.DriverContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeKind;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;

@DisplayName("the contract of drivers: the simulator")
class ClusterContractTest extends DriverContract {

  private final Cluster cluster = new Cluster(SimSeeds.options(getClass(), "driver-contract", 1));

  @Override
  protected Host run(int number, Machine machine) {
    SimNode node = cluster.add(NodeSpec.scripted(NodeKind.ROUTER, () -> machine));
    cluster.start(node);
    return new Host() {
      @Override
      public Address address() {
        return node.address();
      }

      @Override
      public void give(Event event) {
        cluster.submit(node, event);
      }

      @Override
      public void stop() {
        cluster.stop(node);
      }

      @Override
      public void kill() {
        cluster.faults().crash(node);
      }
    };
  }

  @Override
  protected void pass() {
    cluster.run(Duration.ofMillis(1));
  }
}
