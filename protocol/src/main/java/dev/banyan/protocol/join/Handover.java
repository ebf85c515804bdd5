package dev.banyan.protocol.join;

import dev.banyan.protocol.Fence;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.turn.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The end of a client's move, make before break (§2.5): both parents serve it until its fence, sent by the new link,
/// has come back over the old one. Links are FIFO and the tree has one path between two nodes, so whatever was sent
/// down the old branch is here by then, and all that follows comes by the new one.
final class Handover {

  private final Identity identity;
  private final Turn turn;
  private @Nullable Fence fence;
  private List<Message.PathEntry> oldPath = List.of();
  private boolean oldPathBroke;

  Handover(Identity identity, Turn turn) {
    this.identity = identity;
    this.turn = turn;
  }

  /// Sends the fence by the link to the new parent, on which our interest stands already.
  ///
  /// @param number tells this fence from those of earlier moves
  /// @param pathLeft from the root to the parent that is left
  void begin(Link newParent, long number, List<Message.PathEntry> pathLeft) {
    oldPath = pathLeft;
    oldPathBroke = false;
    Fence sent = new Fence(identity.node(), new Session(0, identity.incarnation()), number);
    fence = sent;
    turn.send(newParent.id(), sent.multicast());
  }

  /// Whether this is the fence of this move.
  boolean isAwaited(Fence back) {
    return back.equals(fence);
  }

  /// A heartbeat of the parent that is left: if its path breaks during the move, the fence proves nothing.
  void onOldParentHeartbeat(boolean rooted, Message.Heartbeat.FromParent beat) {
    oldPathBroke |= !rooted || !beat.path().equals(oldPath);
  }

  /// Whether updates may have been missed although the fence came.
  boolean isInDoubt() {
    return oldPathBroke;
  }
}
