package dev.banyan.transport;

import org.jspecify.annotations.Nullable;

/// Something about sockets that whoever started a node must hear: a port in use, an address that is none. The message
/// is one line for people.
public final class TransportException extends RuntimeException {

  TransportException(String message) {
    super(message);
  }

  TransportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
