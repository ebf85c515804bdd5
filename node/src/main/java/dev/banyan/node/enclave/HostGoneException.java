package dev.banyan.node.enclave;

import java.io.IOException;

/// The host of this worker is gone or of no use, and so the worker has no place in the tree any more. One line says why and what to do.
public final class HostGoneException extends IOException {
  private static final long serialVersionUID = 1;

  HostGoneException(String why) {
    super(why + ", and so has this worker's place in the tree: start the worker again");
  }
}
