package dev.banyan.capsule;

/// The group that a capsule belongs to. Both parts go into every signature and every key: a batch of another group, or of
/// members who see another roster, neither verifies nor opens.
///
/// @param id 16 random bytes, chosen once
/// @param rosterHash SHA-256 of the roster that the epoch's secret was released under
@SuppressWarnings("ArrayRecordComponent")
public record Group(byte[] id, byte[] rosterHash) {
  public static final int ID_BYTES = 16;

  public Group {
    if (id.length != ID_BYTES || rosterHash.length != Crypto.HASH_BYTES) {
      throw new IllegalArgumentException(
          "a group has an id of 16 bytes and a roster hash of 32, not "
              + id.length
              + " and "
              + rosterHash.length);
    }
  }
}
