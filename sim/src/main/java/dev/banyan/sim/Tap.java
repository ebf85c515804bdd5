package dev.banyan.sim;

import dev.banyan.protocol.Message;

/// Sees every frame when it is sent: one call for each link that it is sent on.
@FunctionalInterface
public interface Tap {

  /// @param message good until this returns: what came off a wire stands in a buffer that is used again
  void sent(SimNode from, SimNode to, Message message, int sizeBytes);
}
