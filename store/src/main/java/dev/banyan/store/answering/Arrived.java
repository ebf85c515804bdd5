package dev.banyan.store.answering;

import dev.banyan.protocol.Message;
import dev.banyan.store.Heads;
import java.util.List;

/// Somebody's question, and when it came: it may have to wait before it is answered.
///
/// @param known what the asker says that it knows of
record Arrived(Message.Anycast question, long atNanos, List<Heads> known) {

  /// Before it was read.
  Arrived(Message.Anycast question, long atNanos) {
    this(question, atNanos, List.of());
  }
}
