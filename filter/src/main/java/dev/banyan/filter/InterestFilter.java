package dev.banyan.filter;

import java.util.function.LongConsumer;

/// A set of 64-bit tags that answers membership without false negatives (paper §2.6: "we can tolerate false
/// positives, but not false negatives").
///
/// Tags are keyed hashes, so implementations may take their bits as uniformly distributed. A tag may be added several
/// times and must be removed as often before it is gone. Implementations are single-threaded.
public interface InterestFilter {

  /// Whether the tag may have been added. Never false for a tag that was added and not as often removed.
  boolean mightContain(long tag);

  /// Adds one occurrence of the tag.
  ///
  /// @return true when the set of (approximate) members changed: the tag was not there before
  boolean add(long tag);

  /// Removes one occurrence of a tag that was added. Removing what was never added is refused where the structure can
  /// tell, and forbidden where it cannot.
  ///
  /// @return true when the last occurrence went, so that the set changed
  boolean remove(long tag);

  /// Adds every member of the other filter once: afterwards this one answers "maybe" to all that either did.
  ///
  /// @throws IllegalArgumentException when the other's structure cannot be merged into this one
  void union(InterestFilter other);

  /// Distinct members (an estimate where the structure cannot count).
  int size();

  /// Upper bound of the probability that [#mightContain] says yes for a tag never added; 0 for an exact filter.
  double falsePositiveRate();

  /// Visits each member (or its fingerprint) once, in an order that depends on the history of the filter only.
  void forEach(LongConsumer visitor);

  /// The set as bytes: a format byte followed by the structure's own encoding, without multiplicities. Equal sets
  /// encode to equal bytes.
  byte[] encode();

  /// Decodes what [#encode] wrote.
  ///
  /// @param maxTags the most members to accept; also bounds what is allocated
  /// @throws IllegalArgumentException on any malformed input, with one line saying what is wrong
  static InterestFilter decode(byte[] bytes, int maxTags) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("an encoded filter has at least its format byte");
    }
    return switch (bytes[0]) {
      case ExactFilter.FORMAT -> ExactFilter.decode(bytes, maxTags);
      default -> throw new IllegalArgumentException("unknown filter format " + (bytes[0] & 0xff));
    };
  }
}
