package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Opens what is in batches. Nothing can be opened that was not verified: only a [Verifier] makes what [#open] takes.
public final class Opener {

  /// Keys of sessions that are kept; a guess: more are seldom in use at one time.
  private static final int KEPT_SESSIONS = 4_096;

  private final Crypto crypto;
  private final GroupSecrets secrets;
  private final LinkedHashMap<SessionName, byte[]> sessions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionName, byte[]> eldest) {
          return size() > KEPT_SESSIONS;
        }
      };

  private record SessionName(int epoch, CapsuleGroup group, long writer, long high, long low) {}

  public Opener(Crypto crypto, GroupSecrets secrets) {
    this.crypto = crypto;
    this.secrets = secrets;
  }

  /// Opens the records that are here, in order: all of them or none.
  ///
  /// @throws CapsuleException when the batch is of a later epoch, or was not sealed with that epoch's secret
  public List<Plain> open(Verifier.Verified verified) throws CapsuleException {
    Batch batch = verified.batch();
    BatchHeader header = batch.header();
    byte[] sessionKey = sessionKey(header, verified.group());
    BatchKey key = new BatchKey(crypto, sessionKey, batch.bytes());
    List<Plain> records = new ArrayList<>(batch.present());
    for (int i = 0; i < batch.count(); i++) {
      if (batch.has(i)) {
        records.add(open(batch.record(i), header, i, key));
      }
    }
    return records;
  }

  private static Plain open(RecordView record, BatchHeader header, int index, BatchKey key)
      throws CapsuleException {
    byte[] text = new byte[record.sealed().length() - Crypto.SEAL_BYTES];
    if (!key.open(index, record.clear(), record.sealed(), text)) {
      throw new CapsuleException(
          Fault.FORGED, "record " + index + " is not sealed with the epoch's key");
    }
    long sequence = header.firstSequence() + index;
    return new Plain(
        sequence,
        header.lamport() + record.lamportDelta(),
        record.tagEpoch(),
        record.tags(),
        record.predecessors(sequence),
        text);
  }

  private byte[] sessionKey(BatchHeader header, CapsuleGroup group) throws CapsuleException {
    SessionName name =
        new SessionName(
            header.epoch(), group, header.writer(), header.sessionHigh(), header.sessionLow());
    byte[] known = sessions.get(name);
    if (known != null) {
      return known;
    }
    byte[] made =
        secrets
            .of(header.epoch())
            .sessionKey(crypto, group, name.writer(), name.high(), name.low());
    sessions.put(name, made);
    return made;
  }
}
