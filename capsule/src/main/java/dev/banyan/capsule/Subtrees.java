package dev.banyan.capsule;

/// The shape of a tree of n leaves, as RFC 6962 has it.
final class Subtrees {

  interface Visitor {
    void subtree(int firstLeaf, int leaves);
  }

  private Subtrees() {}

  /// How many of so many leaves, two or more, are in the left subtree: the greatest power of two below.
  static int left(int leaves) {
    return Integer.highestOneBit(leaves - 1);
  }

  /// Visits, from left to right, the fewest subtrees that cover these leaves and no others.
  static void covering(int from, int to, int leaves, Visitor visitor) {
    covering(from, to, 0, leaves, visitor);
  }

  private static void covering(int from, int to, int start, int size, Visitor visitor) {
    if (from >= start + size || to <= start) {
      return;
    }
    if (from <= start && start + size <= to) {
      visitor.subtree(start, size);
      return;
    }
    int left = left(size);
    covering(from, to, start, left, visitor);
    covering(from, to, start + left, size - left, visitor);
  }
}
