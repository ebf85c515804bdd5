package dev.banyan.node.inspect;

import java.io.IOException;

/// Two ends that do not believe each other, or of which one encrypts and the other does not. The message is one line for people.
public final class UntrustedLinkException extends IOException {

  private static final long serialVersionUID = 1;

  UntrustedLinkException(String line) {
    super(line);
  }

  UntrustedLinkException(String line, Throwable cause) {
    super(line, cause);
  }
}
