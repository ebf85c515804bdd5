package dev.banyan.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One entry of a multicast: what routers may see of an update, and the bytes they may not understand.
///
/// @param tags the record's tags, ascending: its key's and those of its declared prefixes; none means "to everyone"
/// @param writer the node that wrote it
/// @param session the writer's life in which it did
/// @param sequence counts the records of (writer, session) from 1; (writer, session, sequence) names the record, and
///     receivers drop what they have seen
/// @param predecessors for each tag in turn the sequence of this writer-session's previous record with that tag, 0 for
///     none: a chain that is whole for whoever listens to the tag
/// @param payload opaque to the tree
/// @param proof how its writer proves it to others; goes with it wherever it is held, and not on the wire. No part of what the record
///     is: two that differ in this alone are equal. Null where nothing is sealed
public record Record(
    long[] tags,
    NodeId writer,
    Session session,
    long sequence,
    long[] predecessors,
    Bytes payload,
    @Nullable Proof proof) {

  public static final int MAX_TAGS = 256;

  /// Known to whoever seals and opens records, and to nobody else.
  public interface Proof {

    /// The record is held from now on. Whoever holds it says so once, and once more for [#dropped].
    void held();

    /// It is held no more by one who held it: what is not held by anybody may lose its proof after this event.
    void dropped();
  }

  /// A record that nothing proves.
  public Record(
      long[] tags,
      NodeId writer,
      Session session,
      long sequence,
      long[] predecessors,
      Bytes payload) {
    this(tags, writer, session, sequence, predecessors, payload, null);
  }

  public Record {
    if (tags.length > MAX_TAGS) {
      throw new IllegalArgumentException(
          "a record has at most " + MAX_TAGS + " tags, not " + tags.length);
    }
    if (predecessors.length != tags.length) {
      throw new IllegalArgumentException(
          predecessors.length + " predecessors for " + tags.length + " tags");
    }
    for (int i = 1; i < tags.length; i++) {
      if (tags[i - 1] >= tags[i]) {
        throw new IllegalArgumentException("a record's tags are distinct and ascending");
      }
    }
  }

  /// The same with these tags, as many as it has predecessors.
  public Record withTags(long[] others) {
    return new Record(others, writer, session, sequence, predecessors, payload, proof);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Record that
        && sequence == that.sequence
        && writer.equals(that.writer)
        && session.equals(that.session)
        && Arrays.equals(tags, that.tags)
        && Arrays.equals(predecessors, that.predecessors)
        && payload.equals(that.payload);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(sequence) * 31 + writer.hashCode();
  }

  @Override
  public String toString() {
    return "Record["
        + writer
        + "#"
        + sequence
        + " tags="
        + Arrays.toString(tags)
        + " "
        + payload.size()
        + "B]";
  }
}
