package dev.banyan.node;

import dev.banyan.node.settings.NodeSettings;
import dev.banyan.transport.IoEngine;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpOptions;
import dev.banyan.transport.TransportException;
import java.util.Locale;

/// Opens the sockets' side of a process as an operator asked for it.
public final class TcpHosts {

  private TcpHosts() {}

  /// The event loops of a node.
  public static TcpHost open(NodeSettings settings) {
    return open(
        TcpOptions.DEFAULT
            .withEngine(IoEngine.valueOf(settings.io().toUpperCase(Locale.ROOT)))
            .withBusyPoll(settings.busyPoll())
            .withLoops(settings.loops()));
  }

  /// As many event loops, driven by what works here.
  public static TcpHost open(int loops) {
    return open(TcpOptions.DEFAULT.withLoops(loops));
  }

  private static TcpHost open(TcpOptions options) {
    try {
      return TcpHost.open(options);
    } catch (TransportException e) {
      throw new StartException(
          e.getMessage()
              + (options.busyPoll()
                  ? ": do without --busy-poll"
                  : ": choose another with --io, or auto"));
    }
  }
}
