package dev.banyan.filter;

/// A set of 64-bit tags that answers membership without false negatives (paper §2.6: "we can tolerate false
/// positives, but not false negatives").
///
/// What else a structure can do, its type says: a [CountingFilter] takes back what was added, an [EnumerableFilter] tells
/// its members. Implementations are single-threaded, and no question allocates.
public interface InterestFilter {

  /// Whether the tag may have been added. Never false for a tag that was added and not as often removed.
  boolean mightContain(long tag);

  /// Adds one occurrence of the tag.
  ///
  /// @return true when the set of (approximate) members changed: the filter would have denied the tag before
  boolean add(long tag);

  /// Adds what the other filter holds: afterwards this one answers "maybe" to all that either did.
  ///
  /// @throws IllegalArgumentException when the other's structure cannot be merged into this one
  void union(InterestFilter other);

  /// Distinct members; an estimate where the structure cannot count.
  int size();

  /// The probability that [#mightContain] says yes for a tag never added, as full as the filter is now; 0 for an exact
  /// filter.
  double falsePositiveRate();

  /// Memory held: the arrays with their headers.
  long sizeBytes();

  /// The filter as bytes: a format byte followed by the structure's own encoding. Equal sets encode to equal bytes,
  /// without multiplicities, unless the structure cannot tell them ([CuckooFilter]).
  byte[] encode();

  /// Decodes what [#encode] wrote. What is allocated stays below 200 bytes a tag, of which there are no more than are
  /// taken and than the bytes have bits, plus twice the bytes, plus 4 KiB.
  ///
  /// @param maxTags the most members to take; of a structure that cannot count them, its bytes are the bound
  /// @throws IllegalArgumentException on any malformed input, with one line saying what is wrong
  static InterestFilter decode(byte[] bytes, int maxTags) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("an encoded filter has at least its format byte");
    }
    return switch (bytes[0]) {
      case ExactFilter.FORMAT -> ExactFilter.decode(bytes, maxTags);
      case BloomFilter.FORMAT -> BloomFilter.decode(bytes);
      case BlockedBloomFilter.FORMAT -> BlockedBloomFilter.decode(bytes);
      case CuckooFilter.FORMAT -> CuckooFilter.decode(bytes, maxTags);
      case QuotientFilter.FORMAT -> QuotientFilter.decode(bytes, maxTags);
      default -> throw new IllegalArgumentException("unknown filter format " + (bytes[0] & 0xff));
    };
  }
}
