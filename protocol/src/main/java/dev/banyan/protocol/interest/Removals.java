package dev.banyan.protocol.interest;

import dev.banyan.filter.TagChange;
import dev.banyan.filter.TagSetCodec;
import dev.banyan.protocol.link.Uplink;

/// Tells removed tags by their first bits, and by their places among those of the receiver's tags that begin alike:
/// [TagChange] says why.
final class Removals {

  private final TagTable table;

  /// @param table what is wanted now
  Removals(TagTable table) {
    this.table = table;
  }

  /// The change in its short form, if it has one.
  ///
  /// @param up says what the receiver has; not cleared yet
  /// @param removed tags that the receiver has
  TagChange shorten(Uplink up, long[] added, long[] removed) {
    int bits = up.sentBits();
    int cut = Math.min(TagChange.MAX_CUT, bits - 1);
    long[] beginnings = new long[removed.length];
    int[] places = new int[removed.length];
    for (int i = 0; i < removed.length; i++) {
      beginnings[i] = TagSetCodec.truncate(removed[i], bits - cut);
      places[i] = place(up, beginnings[i], removed[i]);
      if (places[i] >= TagChange.MAX_PLACES) {
        return TagChange.whole(bits, added, removed);
      }
    }
    return removed.length == 0
        ? TagChange.whole(bits, added, removed)
        : new TagChange(bits, added, cut, beginnings, places);
  }

  /// How many of the tags from the beginning on, up to this one, the receiver has and keeps.
  private int place(Uplink up, long beginning, long removed) {
    long step = 1L << (Long.SIZE - up.sentBits());
    int place = 0;
    for (long tag = beginning; tag != removed; tag += step) {
      if (table.contains(tag) && !up.isAbsent(tag)) {
        place++;
      }
    }
    return place;
  }
}
