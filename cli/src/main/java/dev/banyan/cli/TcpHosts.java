package dev.banyan.cli;

import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpOptions;

/// Opens the sockets' side of a process as an operator asked for it.
final class TcpHosts {

  private TcpHosts() {}

  /// @param io one of `auto`, `nio`, `epoll`, `io_uring`
  static TcpHost open(int loops, String io) {
    return TcpHost.open(TcpOptions.DEFAULT);
  }
}
