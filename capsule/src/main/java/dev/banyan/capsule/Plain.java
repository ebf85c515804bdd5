package dev.banyan.capsule;

/// A record before it is sealed, or after it was opened. What no batch can have is refused here.
///
/// @param sequence its number in the writer's session, from 1; at sealing they follow each other
/// @param lamport when it was written; not negative
/// @param tagEpoch of the key that its tags were made with, modulo 4
/// @param tags at most [Batch#MAX_TAGS], ascending as signed numbers; not copied
/// @param predecessors for each tag the session's record before it with that tag, 0 for none; not copied
/// @param text what only members read; not copied
@SuppressWarnings("ArrayRecordComponent")
public record Plain(
    long sequence, long lamport, int tagEpoch, long[] tags, long[] predecessors, byte[] text) {

  public Plain {
    boolean numbered = sequence >= 1 && lamport >= 0 && tagEpoch >= 0 && tagEpoch < 4;
    if (!numbered || tags.length > Batch.MAX_TAGS || tags.length != predecessors.length) {
      throw new IllegalArgumentException(
          "a record with the sequence "
              + sequence
              + " at the Lamport time "
              + lamport
              + ", of tag epoch "
              + tagEpoch
              + " modulo 4, with "
              + tags.length
              + " tags and "
              + predecessors.length
              + " predecessors");
    }
    for (int i = 0; i < tags.length; i++) {
      if (i > 0 && tags[i] <= tags[i - 1]) {
        throw new IllegalArgumentException("tags that do not ascend");
      }
      if (predecessors[i] < 0 || predecessors[i] >= sequence) {
        throw new IllegalArgumentException(
            "record " + sequence + " after record " + predecessors[i]);
      }
    }
  }

  /// How far back the record with this tag before it is; 0 for none.
  long distance(int tag) {
    return predecessors[tag] == 0 ? 0 : sequence - predecessors[tag];
  }
}
