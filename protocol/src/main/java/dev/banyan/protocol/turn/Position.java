package dev.banyan.protocol.turn;

import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.ArrayList;
import java.util.List;

/// Where the node stands: its path from the root, and whether that path still leads to one.
public final class Position {

  /// Deeper than any tree that balances; what claims to be deeper is a loop or a lie.
  public static final int MAX_DEPTH = 64;

  /// Nodes on the way of a question or a task: up to the root and down again.
  public static final int MAX_WALK = 2 * MAX_DEPTH;

  private final NodeId self;
  private final boolean root;
  private List<Message.PathEntry> parentPath = List.of();
  private List<Message.PathEntry> path;
  private boolean rooted;
  private long rootTerm;
  private long attachNumber;

  public Position(Identity identity) {
    self = identity.node();
    root = identity.kind() == NodeKind.ROOT;
    rooted = root;
    rootTerm = root ? 1 : 0;
    path = root ? List.of(new Message.PathEntry(self, 0)) : List.of();
  }

  public boolean isRoot() {
    return root;
  }

  public boolean rooted() {
    return rooted;
  }

  public long rootTerm() {
    return rootTerm;
  }

  /// From the root to this node; of the last time it had one, while it has none.
  public List<Message.PathEntry> path() {
    return path;
  }

  public long nextAttachNumber() {
    return ++attachNumber;
  }

  /// From the root to the parent, as last heard of while it led to a root.
  public List<Message.PathEntry> parentPath() {
    return parentPath;
  }

  /// Whether this is the way to the parent we know already.
  public boolean isKnown(List<Message.PathEntry> viaParent) {
    return parentPath.equals(viaParent);
  }

  /// A parent with this path is ours.
  public void under(List<Message.PathEntry> viaParent, long term) {
    parentPath = viaParent;
    List<Message.PathEntry> extended = new ArrayList<>(viaParent);
    extended.add(new Message.PathEntry(self, attachNumber));
    path = List.copyOf(extended);
    rooted = true;
    rootTerm = term;
  }

  public void uproot() {
    rooted = root;
  }

  /// Whether a path runs through this node: then its end cannot be our parent.
  public boolean isOn(List<Message.PathEntry> other) {
    for (Message.PathEntry entry : other) {
      if (entry.node().equals(self)) {
        return true;
      }
    }
    return false;
  }
}
