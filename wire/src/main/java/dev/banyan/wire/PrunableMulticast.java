package dev.banyan.wire;

import dev.banyan.capsule.Crypto;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/// A multicast with sealed batches that is cut down for several links.
final class PrunableMulticast implements Pruner.Prunable {

  private final Crypto crypto;
  private final Multicast multicast;

  /// For each record in turn; read when the first link asks.
  private List<PrunableRecord> records = List.of();

  private long sizeBytes;

  /// What was cut already, by what is left of each record. Only ever looked up.
  private final Map<List<BitSet>, Multicast> made = new HashMap<>();

  PrunableMulticast(Crypto crypto, Multicast multicast) {
    this.crypto = crypto;
    this.multicast = multicast;
  }

  @Override
  public Multicast partFor(LongPredicate wanted) {
    if (records.isEmpty()) {
      read();
    }
    List<BitSet> kept = new ArrayList<>(records.size());
    long left = 0;
    for (PrunableRecord record : records) {
      BitSet keeps = record.kept(wanted);
      left += record.sizeBytes(keeps);
      kept.add(keeps);
    }
    return left == 0 || 2 * left > sizeBytes
        ? multicast
        : made.computeIfAbsent(kept, this::keeping);
  }

  private void read() {
    records = new ArrayList<>(multicast.recordCount());
    for (int r = 0; r < multicast.recordCount(); r++) {
      PrunableRecord record = PrunableRecord.read(crypto, multicast, r);
      sizeBytes += record.sizeBytes();
      records.add(record);
    }
  }

  private Multicast keeping(List<BitSet> kept) {
    List<Record> whole = multicast.records();
    List<Record> left = new ArrayList<>(whole.size());
    for (int r = 0; r < whole.size(); r++) {
      if (!kept.get(r).isEmpty()) {
        left.add(records.get(r).keeping(whole.get(r), kept.get(r)));
      }
    }
    return new Multicast.Plain(multicast.hops(), left);
  }
}
