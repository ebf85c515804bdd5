package dev.banyan.protocol;

/// Who a node says it is.
///
/// @param address where others reach it; [Address#NONE] for a client
/// @param tree the tree it means to be part of
/// @param incarnation random per life of the process
/// @param group of a worker: what all workers of the tree must have in common
public record Identity(
    NodeId node,
    NodeKind kind,
    Address address,
    String tree,
    long incarnation,
    Bytes credentials,
    Group group) {

  public Identity {
    if (tree.isEmpty() || tree.length() > Message.Hello.MAX_TREE_LENGTH) {
      throw new IllegalArgumentException(
          "a tree's name has 1 to " + Message.Hello.MAX_TREE_LENGTH + " characters");
    }
  }

  public Identity withGroup(Group changed) {
    return new Identity(node, kind, address, tree, incarnation, credentials, changed);
  }

  /// A member of the tree named "main", without credentials, of no group.
  public static Identity of(NodeId node, NodeKind kind, Address address, long incarnation) {
    return new Identity(node, kind, address, "main", incarnation, Bytes.EMPTY, Group.NONE);
  }
}
