package dev.banyan.protocol.tree;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.DriverContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;
import org.junit.jupiter.api.DisplayName;

@DisplayName("the contract of drivers: the tree of the protocol's tests")
class TestTreeContractTest extends DriverContract {

  private final TestTree tree = new TestTree(TreeConfig.DEFAULT);

  @Override
  protected Host run(int number, Machine machine) {
    NodeId id = new NodeId(number);
    tree.start(id, machine, true);
    return new Host() {
      @Override
      public Address address() {
        return TestTree.addressOf(id);
      }

      @Override
      public void give(Event event) {
        tree.give(id, event);
      }

      @Override
      public void stop() {
        tree.stop(id);
      }

      @Override
      public void kill() {
        tree.kill(id);
      }
    };
  }

  @Override
  protected void pass() {
    tree.advanceMillis(1);
  }
}
