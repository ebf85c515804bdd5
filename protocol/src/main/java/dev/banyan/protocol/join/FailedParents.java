package dev.banyan.protocol.join;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.ArrayList;
import java.util.List;

/// What a joiner has learned in its search so far: parents that it was assigned in vain, for its next request to name.
final class FailedParents {

  private final List<NodeId> parents = new ArrayList<>(0);
  private boolean inVain;

  void clear() {
    parents.clear();
    inVain = false;
  }

  /// This one was assigned, and did not take us.
  void add(NodeId parent) {
    parents.remove(parent);
    parents.add(parent);
    if (parents.size() > Message.JoinRequest.MAX_FAILED) {
      parents.removeFirst();
    }
    inVain = true;
  }

  /// A root took the last request and nothing came of it.
  void unanswered() {
    inVain = true;
  }

  /// The latest last.
  List<NodeId> latest() {
    return List.copyOf(parents);
  }

  /// Whether the last request was passed on in vain, as far as can be told from here; the next one says so, once.
  boolean takeInVain() {
    boolean was = inVain;
    inVain = false;
    return was;
  }
}
