package dev.banyan.studio.demo;

import dev.banyan.node.MachineTap;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Watches what workers send and receive, record by record, beside and independent of their stores: which were
/// delivered, which twice, and which never came although the worker was settled on the tag when they were sent.
final class LossLedger {

  /// Names a record.
  private record RecordId(NodeId writer, Session session, long sequence) {}

  private record Sent(RecordId id, long[] tags, long atNanos) {}

  /// A worker, as this ledger sees it.
  private static final class Ears {
    final Set<RecordId> heard = new HashSet<>();
    final Map<Long, Long> settledSinceNanos = new HashMap<>();
    long deliveries;
    long duplicates;
  }

  private final Map<NodeId, Ears> workers = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();
  private final Set<RecordId> known = new HashSet<>();

  /// What goes in and out of this worker's machine.
  MachineTap tap(NodeId worker) {
    return (event, effects, nowNanos) -> {
      if (event instanceof Event.Received received
          && received.message() instanceof Multicast multicast) {
        onReceived(worker, multicast);
      }
      for (Effect effect : effects) {
        switch (effect) {
          case Effect.Forward forward -> onSent(worker, forward.multicast());
          case Effect.Send(var link, Message message) when message instanceof Multicast multicast ->
              onSent(worker, multicast);
          case Effect other -> {
            // Carries no records.
          }
        }
      }
    };
  }

  private synchronized void onReceived(NodeId worker, Multicast multicast) {
    Ears ears = workers.computeIfAbsent(worker, _ -> new Ears());
    for (Record record : multicast.records()) {
      if (isUpdate(record)) {
        if (ears.heard.add(idOf(record))) {
          ears.deliveries++;
        } else {
          ears.duplicates++;
        }
      }
    }
  }

  private synchronized void onSent(NodeId worker, Multicast multicast) {
    for (Record record : multicast.records()) {
      if (record.writer().equals(worker) && isUpdate(record) && known.add(idOf(record))) {
        sent.add(new Sent(idOf(record), record.tags(), System.nanoTime()));
      }
    }
  }

  /// From now on this worker is to hear every update of these tags.
  synchronized void settled(NodeId worker, long[] tags) {
    Ears ears = workers.computeIfAbsent(worker, _ -> new Ears());
    for (long tag : tags) {
      ears.settledSinceNanos.putIfAbsent(tag, System.nanoTime());
    }
  }

  /// (record, worker) pairs where a settled worker never heard an update that was sent.
  synchronized long lost() {
    long lost = 0;
    for (Map.Entry<NodeId, Ears> entry : workers.entrySet()) {
      Ears ears = entry.getValue();
      for (Sent record : sent) {
        if (!record.id.writer.equals(entry.getKey())
            && expects(ears, record)
            && !ears.heard.contains(record.id)) {
          lost++;
        }
      }
    }
    return lost;
  }

  private static boolean expects(Ears ears, Sent record) {
    for (long tag : record.tags) {
      Long since = ears.settledSinceNanos.get(tag);
      if (since != null && since < record.atNanos) {
        return true;
      }
    }
    return false;
  }

  synchronized long deliveries() {
    return workers.values().stream().mapToLong(ears -> ears.deliveries).sum();
  }

  synchronized long duplicates() {
    return workers.values().stream().mapToLong(ears -> ears.duplicates).sum();
  }

  private static boolean isUpdate(Record record) {
    for (long tag : record.tags()) {
      if (Tags.isInbox(tag)) {
        return false;
      }
    }
    return record.sequence() > 0 && record.tags().length > 0;
  }

  private static RecordId idOf(Record record) {
    return new RecordId(record.writer(), record.session(), record.sequence());
  }
}
