package dev.banyan.protocol.link;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;

/// How many clients and routers a joiner brings into the subtree that it is sent to, itself included.
record JoinerSize(int clients, int routers) {

  /// More than that nobody brings: what claims to is a lie that must not overflow sums.
  private static final int MAX = 1 << 16;

  static JoinerSize of(Message.JoinRequest request) {
    return request.kind() == NodeKind.ROUTER
        ? new JoinerSize(Math.min(request.clients(), MAX), Math.min(request.routers(), MAX) + 1)
        : new JoinerSize(1, 0);
  }
}
