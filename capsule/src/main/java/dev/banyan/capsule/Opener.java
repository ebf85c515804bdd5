package dev.banyan.capsule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Checks batches, and opens what is in them. Nothing of a batch can be opened before it was checked: only [#check] makes
/// what [#open] takes.
public final class Opener {

  /// A batch that is older than that is refused, before as many hashes are computed.
  static final int MAX_EPOCHS_BACK = 1 << 20;

  /// Keys of sessions, and secrets of epochs, that are kept; guesses: more are seldom in use at one time.
  private static final int KEPT_SESSIONS = 4_096;

  private static final int KEPT_EPOCHS = 64;

  private final Crypto crypto;
  private final Group group;
  private final Kept<SessionName, byte[]> sessions = new Kept<>(KEPT_SESSIONS);
  private final Kept<Integer, GroupSecret> secrets = new Kept<>(KEPT_EPOCHS);

  private record SessionName(int epoch, long writer, long high, long low) {}

  /// A batch that its writer has signed as it is.
  public static final class Checked {
    private final Batch batch;

    private Checked(Batch batch) {
      this.batch = batch;
    }

    public Batch batch() {
      return batch;
    }
  }

  /// Keeps the last used.
  private static final class Kept<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;
    private final int most;

    Kept(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }

  public Opener(Crypto crypto, Group group) {
    this.crypto = crypto;
    this.group = group;
  }

  /// Checks that the writer has signed the batch, of which some records may have been cut away.
  ///
  /// @param writerKey from the writer's certificate, which has been checked
  /// @throws MalformedCapsuleException when it has not
  public Checked check(Batch batch, byte[] writerKey) throws MalformedCapsuleException {
    if (batch.header().writer() != MemberId.of(crypto, writerKey)) {
      throw new MalformedCapsuleException("a batch of another writer than the key's");
    }
    byte[] signed = Batch.signedBytes(group, batch.bytes(), batch.root(crypto));
    if (!crypto.verifies(writerKey, signed, batch.signature())) {
      throw new MalformedCapsuleException("a batch that its writer has not signed like this");
    }
    return new Checked(batch);
  }

  /// Opens the records that are here, in order.
  ///
  /// @param newest the newest secret there is: it opens this epoch and all before
  /// @throws MalformedCapsuleException when the batch is of a later epoch, or was not sealed with that epoch's secret
  public List<Plain> open(Checked checked, GroupSecret newest) throws MalformedCapsuleException {
    Batch batch = checked.batch();
    BatchHeader header = batch.header();
    BatchKey key = new BatchKey(crypto, sessionKey(header, newest), header, batch.bytes());
    List<Plain> records = new ArrayList<>(batch.present());
    for (int i = 0; i < batch.count(); i++) {
      if (batch.has(i)) {
        records.add(open(batch.record(i), header, i, key));
      }
    }
    return records;
  }

  private static Plain open(RecordView record, BatchHeader header, int index, BatchKey key)
      throws MalformedCapsuleException {
    byte[] text = new byte[record.sealed().length() - Crypto.SEAL_BYTES];
    if (!key.open(index, record.clear(), record.sealed(), text)) {
      throw new MalformedCapsuleException("record " + index + " is not sealed with the epoch's key");
    }
    long sequence = header.firstSequence() + index;
    long[] predecessors = record.distances().clone();
    for (int i = 0; i < predecessors.length; i++) {
      predecessors[i] = predecessors[i] == 0 ? 0 : sequence - predecessors[i];
    }
    long lamport = header.lamport() + record.lamportDelta();
    if (lamport < 0) {
      throw new MalformedCapsuleException("record " + index + " has a time beyond all times");
    }
    return new Plain(sequence, lamport, record.tagEpoch(), record.tags(), predecessors, text);
  }

  private byte[] sessionKey(BatchHeader header, GroupSecret newest)
      throws MalformedCapsuleException {
    SessionName name =
        new SessionName(
            header.epoch(), header.writer(), header.sessionHigh(), header.sessionLow());
    byte[] known = sessions.get(name);
    if (known != null) {
      return known;
    }
    byte[] made =
        secret(header.epoch(), newest)
            .sessionKey(crypto, group, name.writer(), name.high(), name.low());
    sessions.put(name, made);
    return made;
  }

  private GroupSecret secret(int epoch, GroupSecret newest) throws MalformedCapsuleException {
    if (epoch > newest.epoch()) {
      throw new MalformedCapsuleException(
          "a batch of epoch " + epoch + ", of which only members with a newer secret know");
    }
    if (newest.epoch() - epoch > MAX_EPOCHS_BACK) {
      throw new MalformedCapsuleException("a batch of epoch " + epoch + ", which is too long ago");
    }
    GroupSecret known = secrets.get(epoch);
    if (known != null) {
      return known;
    }
    GroupSecret made = newest.at(crypto, epoch);
    secrets.put(epoch, made);
    return made;
  }
}
