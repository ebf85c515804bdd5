package dev.banyan.filter;

import java.util.Arrays;

/// What makes one version of a tag set into the next, for a receiver that has the former. A tag that is added has to be
/// told in full; one that is removed is known to the receiver, and only has to be found: by its first bits, and, of the
/// members that begin with them, which it is. At a target of one false positive in a thousand a set has a member for each
/// 2^10 tags there are, so the last 8 bits of a member say next to nothing.
///
/// @param width bits of a tag, 1 to 64
/// @param added ascending, all different, nothing behind their first `width` bits; who says one again that is there
///     wants an answer about it anew
/// @param cut how many bits the removed tags are without, 0 to [#MAX_CUT], below `width`
/// @param removed ascending, nothing behind their first `width - cut` bits; all different if nothing is cut
/// @param places of each removed tag, how many members of the former set that begin alike are below it and stay; empty
///     if nothing is cut
public record TagChange(int width, long[] added, int cut, long[] removed, int[] places) {

  /// The most bits to cut: a receiver looks at up to 2^8 tags to find one.
  public static final int MAX_CUT = 8;

  /// Places are below this.
  public static final int MAX_PLACES = 24;

  /// The most removed tags of a change in which they are cut: to find one takes a receiver longer than to read it.
  public static final int MAX_FOUND = 256;

  private static final int[] NO_PLACES = {};

  /// @throws IllegalArgumentException when it is no change
  public TagChange {
    TagSetCodec.checkWidth(width);
    if (cut < 0 || cut > MAX_CUT || cut >= width) {
      throw new IllegalArgumentException("tags of " + width + " bits without " + cut);
    }
    TagSetCodec.checkSet(added, width);
    if (cut == 0) {
      TagSetCodec.checkSet(removed, width);
    } else {
      TagSetCodec.checkAscending(removed, width - cut);
    }
    if (cut > 0 && removed.length > MAX_FOUND) {
      throw new IllegalArgumentException(removed.length + " tags to be found by their first bits");
    }
    if (places.length != (cut == 0 ? 0 : removed.length)) {
      throw new IllegalArgumentException(places.length + " places of " + removed.length + " tags");
    }
    for (int i = 0; i < places.length; i++) {
      boolean follows = i > 0 && removed[i] == removed[i - 1];
      if (places[i] < (follows ? places[i - 1] : 0) || places[i] >= MAX_PLACES) {
        throw new IllegalArgumentException("a removed tag has the place " + places[i]);
      }
    }
  }

  /// With the removed tags in full.
  public static TagChange whole(int width, long[] added, long[] removed) {
    return new TagChange(width, added, 0, removed, NO_PLACES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TagChange that
        && width == that.width
        && cut == that.cut
        && Arrays.equals(added, that.added)
        && Arrays.equals(removed, that.removed)
        && Arrays.equals(places, that.places);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(added) * 31 + Arrays.hashCode(removed);
  }

  @Override
  public String toString() {
    return (width == Long.SIZE ? "" : width + " bits ")
        + "+"
        + added.length
        + " -"
        + removed.length;
  }
}
