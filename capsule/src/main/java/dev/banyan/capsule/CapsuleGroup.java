package dev.banyan.capsule;

import java.util.Arrays;
import java.util.HexFormat;

/// The group that a capsule belongs to, as it is in one key epoch. Both parts go into every signature and every key: a batch of
/// another group, or of members who see another roster, neither verifies nor opens.
///
/// @param id 16 random bytes, chosen once; not copied
/// @param rosterHash SHA-256 of the roster that the epoch's secret was released under; not copied
@SuppressWarnings("ArrayRecordComponent")
public record CapsuleGroup(byte[] id, byte[] rosterHash) {
  public static final int ID_BYTES = 16;

  public CapsuleGroup {
    if (id.length != ID_BYTES || rosterHash.length != Crypto.HASH_BYTES) {
      throw new IllegalArgumentException(
          "a group has an id of 16 bytes and a roster hash of 32, not "
              + id.length
              + " and "
              + rosterHash.length);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CapsuleGroup group
        && Arrays.equals(id, group.id)
        && Arrays.equals(rosterHash, group.rosterHash);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(id) + Arrays.hashCode(rosterHash);
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return "CapsuleGroup[" + hex.formatHex(id) + ", roster " + hex.formatHex(rosterHash) + "]";
  }
}
