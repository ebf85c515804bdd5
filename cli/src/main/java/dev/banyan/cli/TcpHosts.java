package dev.banyan.cli;

import dev.banyan.transport.IoEngine;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpOptions;
import dev.banyan.transport.TransportException;
import java.util.Locale;

/// Opens the sockets' side of a process as an operator asked for it.
public final class TcpHosts {

  private TcpHosts() {}

  /// @param io one of `auto`, `nio`, `epoll`, `io_uring`
  public static TcpHost open(int loops, String io) {
    IoEngine engine = IoEngine.valueOf(io.toUpperCase(Locale.ROOT));
    try {
      return TcpHost.open(TcpOptions.DEFAULT.withEngine(engine).withLoops(loops));
    } catch (TransportException e) {
      throw UserError.failed(e.getMessage() + ": choose another with --io, or auto");
    }
  }
}
