package dev.banyan.node.inspect;

import java.io.IOException;

/// What answers is something else than a node.
public final class NotBanyanException extends IOException {

  NotBanyanException(String line, Throwable cause) {
    super(line, cause);
  }
}
