package dev.banyan.protocol;

/// Who a node says it is.
///
/// @param address where others reach it; [Address#NONE] for a client
/// @param tree the tree it means to be part of
/// @param incarnation random per life of the process
public record Identity(
    NodeId node, NodeKind kind, Address address, String tree, long incarnation, Bytes credentials) {

  public Identity {
    if (tree.isEmpty() || tree.length() > Message.Hello.MAX_TREE_LENGTH) {
      throw new IllegalArgumentException(
          "a tree's name has 1 to " + Message.Hello.MAX_TREE_LENGTH + " characters");
    }
  }

  /// A member of the tree named "main", without credentials.
  public static Identity of(NodeId node, NodeKind kind, Address address, long incarnation) {
    return new Identity(node, kind, address, "main", incarnation, Bytes.EMPTY);
  }
}
