package dev.banyan.node.links;

import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.DriverContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TcpOptions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

/// All machines are routers, as these may be at both ends of a link.
@DisplayName("the contract of drivers: encrypted links")
class TrustedContractTest extends DriverContract {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);

  private final TcpHost host =
      TcpHost.open(TcpOptions.DEFAULT.withFirstFrameTimeout(Duration.ofMinutes(1)));
  private final Members members = new Members(1);

  @AfterEach
  void close() {
    host.close();
  }

  @Override
  protected Host run(int number, Machine machine) {
    TcpNode node =
        host.start(
            Optional.of(LOOPBACK),
            _ -> machine,
            _ -> {},
            Optional.of(members.links(members.identity(Kind.ROUTER))));
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
  protected boolean whoDialsIsDoneFirst() {
    return true;
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
