package dev.banyan.protocol;

import java.util.HexFormat;
import java.util.Optional;

/// What all workers of a tree must have in common to understand each other's tags, and to let deleted keys rest. Routers
/// compare it and can make nothing else of it.
///
/// @param tagKeyCheck a keyed hash of a constant under the group's tag key: equal keys, equal values; 0: unknown, or a
///     node without a tag key
/// @param prefixLevels how many prefixes of a key get a tag of their own; 0 where the check is 0
/// @param tombstoneMillis how long deleted keys are remembered: who remembers them for longer than others does not doubt,
///     when it comes back, what they have forgotten; 0 where the check is 0
public record Group(long tagKeyCheck, int prefixLevels, long tombstoneMillis) {

  /// Of nodes that tag nothing, and of trees in which nobody does yet.
  public static final Group NONE = new Group(0, 0, 0);

  public boolean isKnown() {
    return tagKeyCheck != 0;
  }

  /// Why a node of this group cannot be in a tree of that one: one line with both values; empty if it can.
  public Optional<String> mismatch(Group here) {
    if (!isKnown() || !here.isKnown() || equals(here)) {
      return Optional.empty();
    }
    return Optional.of(
        tagKeyCheck != here.tagKeyCheck
            ? difference(
                "a tag key with the check value",
                short32(tagKeyCheck),
                short32(here.tagKeyCheck),
                "--tag-key")
            : prefixLevels != here.prefixLevels
                ? difference(
                    "prefix levels", "" + prefixLevels, "" + here.prefixLevels, "--prefix-levels")
                : difference(
                    "tombstones kept for",
                    time(tombstoneMillis),
                    time(here.tombstoneMillis),
                    "--tombstones"));
  }

  private static String difference(String what, String its, String here, String setting) {
    return what
        + " "
        + its
        + ", here it is "
        + here
        + ": start every worker of a tree with the same "
        + setting;
  }

  private static String time(long millis) {
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  private static String short32(long check) {
    return HexFormat.of().toHexDigits((int) (check >>> 32));
  }
}
