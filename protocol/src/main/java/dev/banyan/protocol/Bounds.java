package dev.banyan.protocol;

import java.util.List;

/// How much a node may be handed at once by the layer above it ([Event.Local]): what it makes of that travels in one frame,
/// and a neighbour closes the link on a frame with more in it than it takes. So the events refuse to be made of more, where
/// they are made, and the node and its links never see it. Interest is not bounded here: it is cut into messages, and how
/// much of it there may be is the parent's to say ([Effect.MayWant]).
public final class Bounds {

  /// The longest frame that every node takes, its length field not counted. Four times the largest value of a store.
  public static final int MAX_FRAME_BYTES = 4 << 20;

  /// What is handed over may take this much: a frame without the way that a question, a task or a result has come, and
  /// without the names of its fields.
  public static final int MAX_BYTES = MAX_FRAME_BYTES - (64 << 10);

  /// Tags of one task.
  public static final int MAX_TASK_TAGS = 1_024;

  /// What a record takes next to its tags and its payload, at the most.
  private static final int RECORD_BYTES = 64;

  /// A tag, and the sequence of the record before with this tag.
  private static final int TAG_BYTES = Long.BYTES + 10;

  private Bounds() {}

  /// No less than the record takes in a frame.
  public static long bytesOf(Record record) {
    return RECORD_BYTES + (long) TAG_BYTES * record.tags().length + record.payload().size();
  }

  static void ofMulticast(List<Record> records) {
    if (records.isEmpty() || records.size() > Multicast.MAX_RECORDS) {
      throw new IllegalArgumentException(
          "a multicast has 1 to "
              + Multicast.MAX_RECORDS
              + " records, not "
              + records.size()
              + ": publish fewer at once");
    }
    long bytes = 0;
    for (Record record : records) {
      bytes += bytesOf(record);
    }
    atMost(
        MAX_BYTES, bytes, "bytes of a multicast", "publish fewer records at once, or smaller ones");
  }

  static void ofQuestion(Bytes question) {
    atMost(
        Message.Anycast.MAX_QUESTION_BYTES,
        question.size(),
        "bytes of a question",
        "ask in several questions");
  }

  /// An answer travels in as many parts as it takes, each of whole records.
  static void ofAnswer(List<Record> records) {
    for (Record record : records) {
      atMost(MAX_BYTES, bytesOf(record), "bytes of a record", "answer with smaller records");
    }
  }

  static void ofTask(long[] tags, Bytes task) {
    atMost(MAX_TASK_TAGS, tags.length, "tags of a task", "name fewer of the keys that it uses");
    atMost(MAX_BYTES, task.size(), "bytes of a task", "hand it in as several tasks");
  }

  static void ofResult(Bytes result) {
    atMost(MAX_BYTES, result.size(), "bytes of a result", "store it under a key, and tell the key");
  }

  private static void atMost(int limit, long actual, String what, String instead) {
    if (actual > limit) {
      throw new IllegalArgumentException(
          what + ": at most " + limit + ", not " + actual + "; " + instead);
    }
  }
}
