package dev.banyan.capsule;

import java.util.BitSet;

/// Hashes of the subtrees of one batch. Those of a tree of n leaves stand in the order in which one goes through it from left to right:
/// leaf i at 2i, a node between its two halves.
final class KeptHashes {

  private final byte[] hashes;
  private final BitSet known;

  KeptHashes(int leaves) {
    hashes = new byte[(2 * leaves - 1) * Crypto.HASH_BYTES];
    known = new BitSet(2 * leaves - 1);
  }

  private static int place(int start, int size) {
    return size == 1 ? 2 * start : 2 * (start + Subtrees.left(size)) - 1;
  }

  /// @return false if it is not known
  boolean copy(int start, int size, byte[] out, int at) {
    int place = place(start, size);
    if (!known.get(place)) {
      return false;
    }
    System.arraycopy(hashes, place * Crypto.HASH_BYTES, out, at, Crypto.HASH_BYTES);
    return true;
  }

  void keep(int start, int size, byte[] from, int at) {
    int place = place(start, size);
    System.arraycopy(from, at, hashes, place * Crypto.HASH_BYTES, Crypto.HASH_BYTES);
    known.set(place);
  }
}
