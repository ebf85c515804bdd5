package dev.banyan.bench.jmh;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.DriverContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;

@DisplayName("the contract of drivers: the memory of a benchmark")
class MemoryHostContractTest extends DriverContract {

  private final MemoryHost host = new MemoryHost();

  @Override
  protected Host run(int number, Machine machine) {
    MemoryHost.Member member = host.start(new Address("machine" + number, 1), machine);
    return new Host() {
      @Override
      public Address address() {
        return member.address();
      }

      @Override
      public void give(Event event) {
        member.give(event);
      }

      @Override
      public void stop() {
        member.stop();
      }

      @Override
      public void kill() {
        member.kill();
      }
    };
  }

  @Override
  protected void pass() {
    host.pass(TimeUnit.MILLISECONDS.toNanos(1));
  }
}
