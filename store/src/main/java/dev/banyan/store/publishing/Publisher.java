package dev.banyan.store.publishing;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.HeldFor;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.List;

/// This worker as a writer: numbers its records, chains them per tag, and gathers them into multicasts.
public final class Publisher {

  /// Bounds of one multicast, unless a single record is larger. A guess: a frame that is worth its header and does not
  /// hold up a link for long.
  static final int MAX_BATCH_RECORDS = 64;

  static final int MAX_BATCH_BYTES = 64 << 10;

  private static final Bytes AGAIN = Bytes.wrap(new byte[] {PayloadKind.AGAIN});

  private final NodeId writer;
  private final Session session;
  private final Sealing sealing;
  private final long batchNanos;
  private final StoreTurn turn;
  private final Alarm alarm;
  private final LongMap<Tail> tails = new LongMap<>();
  private long lastSequence;
  private List<Record> batch = new ArrayList<>();
  private int batchBytes;
  private int batchTags;

  /// Whether what is published was written earlier.
  private boolean again;

  /// The last record of a tag that was sent.
  private static final class Tail {
    long sequence;
  }

  public Publisher(
      NodeId writer, Session session, Sealing sealing, long batchNanos, StoreTurn turn) {
    this.writer = writer;
    this.session = session;
    this.sealing = sealing;
    this.batchNanos = batchNanos;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.BATCH, turn);
  }

  public boolean isOwn(Record record) {
    return record.writer().equals(writer) && record.session().equals(session);
  }

  /// Makes the record of an update. What is written while disconnected is not sent, so it is nobody's predecessor: a
  /// chain that named it would look broken to all others.
  public Record update(long[] tags, Bytes payload, boolean connected) {
    long sequence = ++lastSequence;
    long[] predecessors = new long[tags.length];
    for (int i = 0; i < tags.length; i++) {
      Tail tail = tails.get(tags[i]);
      if (tail == null) {
        tail = new Tail();
        tails.put(tags[i], tail);
      }
      predecessors[i] = tail.sequence;
      if (connected) {
        tail.sequence = sequence;
      }
    }
    return new Record(tags, writer, session, sequence, predecessors, payload, sealing.unproven());
  }

  /// Makes a record outside all chains, of what replicas say to each other.
  public Record unchained(long[] tags, Bytes payload) {
    return new Record(
        tags, writer, session, ++lastSequence, new long[tags.length], payload, sealing.unproven());
  }

  /// An answer with these writes: as they came, and before them for how long they have been held, if not for long. Who passes a
  /// question on, and has nothing to say, says nothing.
  ///
  /// @param askedNanos when the question came
  /// @param agoMillis with `UNKNOWN`, how long ago all had been asked
  /// @param sinceMillis since when nothing was missed ([Sealing.Said])
  /// @param heads with `SETTLED`, how far the records are known because of which it is
  public Event.Answer answer(
      Message.Anycast question,
      Event.Answer.Verdict verdict,
      List<Write> writes,
      long askedNanos,
      int agoMillis,
      long sinceMillis,
      Heads heads) {
    if (writes.isEmpty() && verdict == Event.Answer.Verdict.GOES_ON) {
      return new Event.Answer(question, verdict, List.of(), agoMillis);
    }
    List<Record> records = new ArrayList<>(writes.size() + 1);
    Bytes mark = HeldFor.mark(writes, askedNanos, turn.nowNanos()).orElse(Bytes.EMPTY);
    if (mark.size() > 0 && !sealing.proves()) {
      records.add(unchained(writes.getFirst().record.tags(), mark));
    }
    writes.forEach(write -> records.add(write.record));
    Sealing.Said said = new Sealing.Said(verdict, agoMillis, sinceMillis, mark, heads);
    return new Event.Answer(question, verdict, sealing.answer(question, said, records), agoMillis);
  }

  /// Sends a record with others written soon.
  public void publish(Record record) {
    int bytes = record.payload().size();
    if (!batch.isEmpty() && !fits(record)) {
      flush();
    }
    if (again && batch.isEmpty()) {
      batch.add(unchained(record.tags(), AGAIN));
    }
    batch.add(record);
    batchBytes += bytes;
    batchTags += record.tags().length;
    if (batchNanos > 0) {
      alarm.by(turn.nowNanos() + batchNanos);
    }
  }

  /// The mark of what was written earlier may have to name the tags of all.
  private boolean fits(Record record) {
    return batch.size() < MAX_BATCH_RECORDS
        && batchBytes + record.payload().size() <= MAX_BATCH_BYTES
        && (!again || batchTags + record.tags().length <= Record.MAX_TAGS);
  }

  /// Sends records now, in as few multicasts as their limits allow.
  public void publishNow(List<Record> records) {
    flush();
    records.forEach(this::publish);
    flush();
  }

  /// Sends held records again, and says so: whoever has written meanwhile, and knew nothing of them, was later. Own ones
  /// may be sent for the first time: from then on they are predecessors.
  public void again(List<Record> records) {
    for (Record record : records) {
      if (isOwn(record)) {
        for (long tag : record.tags()) {
          Tail tail = tails.get(tag);
          if (tail != null) {
            tail.sequence = Math.max(tail.sequence, record.sequence());
          }
        }
      }
    }
    flush();
    again = true;
    records.forEach(this::publish);
    flush();
    again = false;
  }

  /// Sends what waits for others to share its multicast.
  public void sendWaiting() {
    flush();
  }

  /// Tags of which something was written here.
  public int tails() {
    return tails.size();
  }

  public void endOfEvent() {
    if (batchNanos == 0) {
      flush();
    }
  }

  public void onTimer(long generation) {
    if (alarm.fired(generation)) {
      flush();
    }
  }

  private void flush() {
    if (!batch.isEmpty()) {
      List<Record> gathered = batch;
      batch =
          new ArrayList<>(); // Before anything can fail: what fails once must not fail for ever.
      batchBytes = 0;
      batchTags = 0;
      List<Record> sealed = sealing.seal(gathered);
      if (!sealed.isEmpty()) {
        turn.toTree(new Event.Publish(sealed));
      }
    }
  }
}
