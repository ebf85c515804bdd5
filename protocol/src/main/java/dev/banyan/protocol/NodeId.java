package dev.banyan.protocol;

/// Who a node is: 64 random bits, chosen once per node and kept over restarts when it has a disk to keep them on.
public record NodeId(long value) implements Comparable<NodeId> {

  /// Parses the 16 hex digits that [#toString] prints.
  ///
  /// @throws IllegalArgumentException when the text is anything else
  public static NodeId parse(String text) {
    if (text.length() != 16) {
      throw new IllegalArgumentException("a node id is 16 hex digits, not '" + text + "'");
    }
    try {
      return new NodeId(Long.parseUnsignedLong(text, 16));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a node id is 16 hex digits, not '" + text + "'", e);
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    String hex = Long.toHexString(value);
    return "0".repeat(16 - hex.length()) + hex;
  }
}
