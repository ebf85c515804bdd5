package dev.banyan.bench;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.DiallerContract;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TcpOptions;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

/// The other machines are driven by [TcpHost], which has a test of its own.
@DisplayName("the contract of drivers: the clients of a benchmark, as far as they dial")
class SocketMemberContractTest extends DiallerContract {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final SocketMember.Counter NOTHING =
      new SocketMember.Counter() {
        @Override
        public void multicasts(ByteBuffer in, int count, int[] ends) {}

        @Override
        public void gap() {}
      };

  private final TcpHost host = TcpHost.open(TcpOptions.DEFAULT);
  private final ClientLoop loop = new ClientLoop();

  @AfterEach
  void close() {
    loop.close();
    host.close();
  }

  @Override
  protected Host runDialler(int number, Machine machine) {
    SocketMember member = new SocketMember(machine, loop, NOTHING, Optional.empty());
    member.start();
    return new Host() {
      @Override
      public Address address() {
        throw new UnsupportedOperationException("it only dials");
      }

      @Override
      public void give(Event event) {
        member.give(event);
      }

      @Override
      public void stop() {
        member.close();
      }

      @Override
      public void kill() {
        throw new UnsupportedOperationException("it ends in good order");
      }
    };
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
    loop.await(1);
  }
}
