package dev.banyan.host.process;

import dev.banyan.host.log.LogSetup;
import dev.banyan.host.seam.MalformedSeamException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/// A process that is a [NodeHost]. It is started by the enclave's process, and ends with it: signals are for that.
public final class HostProcess {

  private HostProcess() {}

  /// @param arguments the path of the enclave's socket, and how much is logged
  public static void main(String[] arguments) {
    for (String name : List.of("TERM", "INT", "HUP")) {
      Signal.handle(new Signal(name), _ -> {});
    }
    LogSetup.level(arguments[1]);
    LogSetup.install();
    Logger log = LoggerFactory.getLogger(HostProcess.class);
    int code = 1;
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])))) {
      new NodeHost(
              channel, () -> System.currentTimeMillis() / 1_000, () -> Runtime.getRuntime().halt(1))
          .run();
      code = 0;
    } catch (IOException e) {
      log.info("ends: {}", e.getMessage());
    } catch (MalformedSeamException e) {
      log.error("the enclave says what cannot be: {}", e.getMessage());
    } catch (InterruptedException | RuntimeException | Error e) {
      log.error("ends, as it failed", e);
    }
    Runtime.getRuntime().halt(code);
  }
}
