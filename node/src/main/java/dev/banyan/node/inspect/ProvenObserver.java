package dev.banyan.node.inspect;

import dev.banyan.protocol.NodeId;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;

/// An observer that proves who it is, and wants proof of whom it asks.
public interface ProvenObserver {

  /// Who it proves to be.
  NodeId node();

  /// A link over this connection: encrypted, and both ends proven. Closing it closes the connection.
  ///
  /// @throws javax.net.ssl.SSLException when the other end is not believed, or does not encrypt
  Socket encrypted(Socket connected) throws IOException;

  /// Until when the certificates count that others have shown here, in seconds since 1970.
  Map<NodeId, Long> certificates();
}
