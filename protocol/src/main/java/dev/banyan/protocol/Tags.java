package dev.banyan.protocol;

/// Tags are 64-bit keyed hashes that stand for a key on the wire (§2.6); whoever holds the tag key makes them, routers
/// only compare them. Their highest bit says which of two kinds they are: clear for the tag of a key, set for an
/// inbox, the tag that one node alone listens to, or for a question about the tag that has the same other bits. (That an
/// inbox is a question too does no harm: about a tag that nobody has, but for one chance in 2^63.)
public final class Tags {

  /// All of a tag.
  public static final int BITS = Long.SIZE;

  private static final long INBOX_BIT = Long.MIN_VALUE;

  private static final long WANTS_ALL = 0x9E3779B97F4A7C15L;

  private Tags() {}

  /// The tag of a key from its keyed hash: the hash without the bit that marks inboxes.
  public static long ofKeyHash(long hash) {
    return hash & ~INBOX_BIT;
  }

  /// The tag only this node listens to: fences and late results come here.
  public static long inbox(NodeId node) {
    return mix(node.value()) | INBOX_BIT;
  }

  public static boolean isInbox(long tag) {
    return tag < 0;
  }

  /// What to advertise to be told whether somebody outside wants a key's tag, without getting its updates: whoever writes
  /// under a prefix that nobody below watches keeps its updates below so.
  public static long asking(long tag) {
    return tag | INBOX_BIT;
  }

  /// The key's tag that this one asks about.
  public static long askedBy(long asking) {
    return asking & ~INBOX_BIT;
  }

  /// What one member adds to the hash of a set of tags; the hash of a set is the XOR over its members, so that it is
  /// kept up to date by each change alone.
  public static long hashOf(long tag) {
    return mix(tag + 0x9E3779B97F4A7C15L);
  }

  /// The hash of a set of tags, and of whether everything is wanted besides.
  public static long hashOf(long tagsHash, boolean all) {
    return all ? tagsHash ^ WANTS_ALL : tagsHash;
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection on 64 bits.
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
