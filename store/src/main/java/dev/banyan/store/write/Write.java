package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Record;
import dev.banyan.store.Revision;
import dev.banyan.store.Version;
import dev.banyan.store.machine.Mix;
import java.util.Arrays;
import java.util.Optional;

/// One write of one key, with the record that brought it: kept verbatim, so that whoever gets it again can tell.
public final class Write {

  /// Memory of the objects around its bytes.
  public static final int FIXED_BYTES = 200;

  /// What proves a record that is held, next to its ciphertext: its share of a header, and hashes in the place of others. More or
  /// less: it depends on how many records of its batch are held.
  static final int PROOF_BYTES = 160;

  /// Known since before this worker began.
  public static final long LONG_AGO = Long.MIN_VALUE;

  public final Record record;
  public final long lamport;
  public final long knownSinceNanos;
  private final UpdatePayload payload;

  /// [#bytes], kept: what lies further away is out of every cache when the write is forgotten.
  private final int bytes;

  /// @param knownSinceNanos since when it has been held somewhere for sure, on this worker's clock: since it was written
  ///     here or came as a multicast of its own, or for as long before as others say; [#LONG_AGO] if it was sent again
  public Write(Record record, UpdatePayload payload, long knownSinceNanos) {
    this.record = record;
    this.lamport = payload.lamport();
    this.payload = payload;
    this.knownSinceNanos = knownSinceNanos;
    bytes = bytes(record, payload);
  }

  /// It is among what is held from now on, as the newest of its key ([Record.Proof#held]).
  public void held() {
    if (record.proof() != null) {
      record.proof().held();
    }
  }

  /// It is not any more.
  public void dropped() {
    if (record.proof() != null) {
      record.proof().dropped();
    }
  }

  public boolean deleted() {
    return payload.deleted();
  }

  public int valueSize() {
    return payload.valueSize();
  }

  public Bytes value() {
    return payload.value();
  }

  public String key() {
    return payload.key();
  }

  public boolean sameKey(Write other) {
    return payload.sameKey(other.payload);
  }

  public Version version() {
    return new Version(lamport, record.writer(), record.session());
  }

  public Revision revision(String key) {
    return new Revision(key, version(), deleted() ? Optional.empty() : Optional.of(value()));
  }

  /// [Version]'s order, without making versions.
  public int compareTo(Write other) {
    int byTime = Long.compare(lamport, other.lamport);
    if (byTime != 0) {
      return byTime;
    }
    int byWriter = record.writer().compareTo(other.record.writer());
    return byWriter != 0 ? byWriter : record.session().compareTo(other.record.session());
  }

  /// 64 bits that depend on the key's tag and the version alone.
  public long versionHash(long keyTag) {
    return Mix.of(
        Mix.of(keyTag, lamport, record.writer().value()),
        record.session().high(),
        record.session().low());
  }

  /// Memory it takes. Bytes in clear are held once: what is opened is then the very array that came in.
  public int bytes() {
    return bytes;
  }

  @SuppressWarnings("ReferenceEquality")
  private static int bytes(Record record, UpdatePayload payload) {
    boolean opened = record.payload().shared() != payload.encoded().shared();
    return FIXED_BYTES
        + 2 * Long.BYTES * record.tags().length
        + arrayBytes(record.payload().size())
        + (record.proof() == null ? 0 : PROOF_BYTES + record.payload().size())
        + (opened ? arrayBytes(payload.encoded().size()) : 0);
  }

  /// Memory of a byte array: twice the size of a large one, which collectors that keep memory in regions round up.
  public static int arrayBytes(int size) {
    return size >= 512 << 10 ? 2 * size : size + 24;
  }

  /// 64 bits that depend on the value alone; 0 for a tombstone.
  public long valueHash() {
    return deleted() ? 0 : Mix.of(Arrays.hashCode(value().shared()), valueSize(), 1);
  }
}
