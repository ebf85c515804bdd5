package dev.banyan.store.sealing;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parts of answers that wait for the last one, which says what all of them are: an answer is taken as a whole or not at all.
final class AnswerParts {

  /// What they may weigh together; beyond that the oldest go, and what they belong to is asked for again. A guess: many times the
  /// answer of one holder, who sends a quarter of a megabyte at a time, or one record.
  private static final long MAX_BYTES = 16 << 20;

  /// What a part takes besides its payloads.
  private static final int PART_BYTES = 128;

  private record Key(NodeId answerer, long id) {}

  private final Map<Key, List<Record>> waiting = new LinkedHashMap<>();
  private long bytes;

  /// Keeps a part.
  ///
  /// @return how many others gave way
  int keep(Message.AnycastAnswer part) {
    waiting.computeIfAbsent(key(part), _ -> new ArrayList<>()).addAll(part.records());
    bytes += weight(part.records());
    int gone = 0;
    while (bytes > MAX_BYTES) {
      Key oldest = waiting.keySet().iterator().next();
      List<Record> dropped = waiting.remove(oldest);
      bytes -= dropped == null ? 0 : weight(dropped);
      gone++;
    }
    return gone;
  }

  /// All records of an answer whose last part has come.
  List<Record> whole(Message.AnycastAnswer last, List<Record> records) {
    @Nullable List<Record> before = waiting.remove(key(last));
    if (before == null) {
      return records;
    }
    bytes -= weight(before);
    List<Record> all = new ArrayList<>(before);
    all.addAll(records);
    return all;
  }

  private static Key key(Message.AnycastAnswer answer) {
    return new Key(answer.answerer(), answer.id());
  }

  private static long weight(List<Record> records) {
    long bytes = 0;
    for (Record record : records) {
      bytes += PART_BYTES + record.payload().size() + (long) Long.BYTES * record.tags().length;
    }
    return bytes;
  }
}
