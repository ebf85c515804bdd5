package dev.banyan.transport;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.DriverContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("the contract of drivers: real sockets")
@ExtendWith(LeakCheck.class)
class TcpContractTest extends DriverContract {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);

  private final TcpHost host = TcpHost.open(TcpOptions.DEFAULT);

  @AfterEach
  void close() {
    host.close();
  }

  @Override
  protected Host run(int number, Machine machine) {
    TcpNode node = host.start(Optional.of(LOOPBACK), address -> machine, effect -> {});
    return new Host() {
      @Override
      public Address address() {
        return node.address();
      }

      @Override
      public void give(Event event) {
        node.submit(event);
      }

      @Override
      public void stop() {
        node.stop().join();
      }

      @Override
      public void kill() {
        node.kill().join();
      }
    };
  }

  @Override
  protected void pass() {
    synchronized (news) {
      try {
        news.wait(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting", e);
      }
    }
  }
}
