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
    require(sequence >= 1, "a record with the sequence " + sequence);
    require(lamport >= 0, "a record at the Lamport time " + lamport);
    require(tagEpoch >= 0 && tagEpoch < 4, "a record of tag epoch " + tagEpoch + " modulo 4");
    require(tags.length <= Batch.MAX_TAGS, "a record with " + tags.length + " tags");
    require(
        tags.length == predecessors.length,
        predecessors.length + " predecessors for " + tags.length + " tags");
    for (int i = 0; i < tags.length; i++) {
      require(i == 0 || tags[i] > tags[i - 1], "tags that do not ascend");
      require(
          predecessors[i] >= 0 && predecessors[i] < sequence,
          "record " + sequence + " after record " + predecessors[i]);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// How far back the record with this tag before it is; 0 for none.
  long distance(int tag) {
    return predecessors[tag] == 0 ? 0 : sequence - predecessors[tag];
  }
}
