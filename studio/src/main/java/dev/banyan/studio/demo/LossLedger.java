package dev.banyan.studio.demo;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Carried;
import dev.banyan.node.MachineTap;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Sealing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /// Whose first record this is, so that what is sent again is not taken for new.
  private final Set<RecordId> batches = new HashSet<>();

  private final Sealing eyes;

  /// @param eyes with which it sees what of all that is sealed is an update: a member's, but no worker's
  LossLedger(Sealing eyes) {
    this.eyes = eyes;
  }

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
      for (RecordId update : updates(record)) {
        if (ears.heard.add(update)) {
          ears.deliveries++;
        } else {
          ears.duplicates++;
        }
      }
    }
  }

  /// Those that are in a record on its way. What is sealed was seen when its writer sent it.
  private List<RecordId> updates(Record record) {
    if (!eyes.proves()) {
      return isUpdate(record) ? List.of(idOf(record)) : List.of();
    }
    List<RecordId> updates = new ArrayList<>();
    batch(record)
        .ifPresent(batch -> {
          for (int i = 0; i < batch.count(); i++) {
            RecordId id = idOf(batch.header(), i);
            if (batch.has(i) && known.contains(id)) {
              updates.add(id);
            }
          }
        });
    return updates;
  }

  /// Nothing for what the tree itself says, which is no record of a store.
  private static Optional<Batch> batch(Record record) {
    try {
      return Optional.of(Carried.parse(record.payload().shared()).batch());
    } catch (CapsuleException e) {
      return Optional.empty();
    }
  }

  private synchronized void onSent(NodeId worker, Multicast multicast) {
    for (Record record : multicast.records()) {
      if (record.writer().equals(worker)) {
        if (eyes.proves()) {
          batch(record).ifPresent(batch -> onSealed(worker, record, batch.header()));
        } else {
          onWritten(record, idOf(record));
        }
      }
    }
  }

  private void onSealed(NodeId worker, Record record, BatchHeader header) {
    if (header.writer() == worker.value() && batches.add(idOf(header, 0))) {
      List<Record> opened =
          eyes.open(
              List.of(record),
              (reason, why) -> {
                throw new IllegalStateException("a member that is not believed: " + why);
              });
      for (int i = 0; i < opened.size(); i++) {
        onWritten(opened.get(i), idOf(header, i));
      }
    }
  }

  private void onWritten(Record record, RecordId id) {
    if (isUpdate(record) && known.add(id)) {
      sent.add(new Sent(id, record.tags(), System.nanoTime()));
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

  private static RecordId idOf(BatchHeader header, int index) {
    return new RecordId(
        new NodeId(header.writer()),
        new Session(header.sessionHigh(), header.sessionLow()),
        header.firstSequence() + index);
  }

  private static RecordId idOf(Record record) {
    return new RecordId(record.writer(), record.session(), record.sequence());
  }
}
