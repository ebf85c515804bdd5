package dev.banyan.store.worker;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.DriverContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreConfig;
import org.junit.jupiter.api.DisplayName;

@DisplayName("the contract of drivers: the tree of the store's tests")
class GroveContractTest extends DriverContract {

  /// Nodes from here on are not the grove's own.
  private static final int FIRST = 1_000;

  private final Grove grove = new Grove(1, StoreConfig.DEFAULT);

  @Override
  protected Host run(int number, Machine machine) {
    NodeId id = new NodeId(FIRST + number);
    grove.start(id, machine, true);
    return new Host() {
      @Override
      public Address address() {
        return Grove.addressOf(id);
      }

      @Override
      public void give(Event event) {
        grove.give(id, event);
      }

      @Override
      public void stop() {
        grove.stop(id);
      }

      @Override
      public void kill() {
        grove.kill(id);
      }
    };
  }

  @Override
  protected void pass() {
    grove.advanceMillis(1);
  }
}
