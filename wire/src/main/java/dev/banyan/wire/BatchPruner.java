package dev.banyan.wire;

import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Crypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Pruner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Cuts sealed batches down to the records that a link may want, without any key: where at least half of a multicast's bytes go. Needs
/// nothing but hashes. One for each node.
public final class BatchPruner implements Pruner {

  /// Whatever is left of a batch has these bytes, so of less than twice as many half can never go.
  private static final int LEAST_BYTES = 2 * Carried.FIXED_BYTES;

  private final Crypto crypto;

  public BatchPruner(Crypto crypto) {
    this.crypto = crypto;
  }

  @Override
  public @Nullable Prunable look(Multicast multicast) {
    long bytes = 0;
    boolean parted = multicast.recordCount() > 1;
    boolean batch = false;
    for (int r = 0; r < multicast.recordCount(); r++) {
      ByteBuffer in = buffer(multicast, r);
      int length = in.remaining();
      bytes += length;
      int signed = Carried.signedRecords(in, in.position(), length);
      batch |= signed > 0;
      parted |= signed > 1;
    }
    return batch && parted && bytes >= LEAST_BYTES
        ? new PrunableMulticast(crypto, multicast)
        : null;
  }

  /// A record's payload, from position to limit, where it stands.
  static ByteBuffer buffer(Multicast multicast, int record) {
    if (multicast instanceof EncodedMulticast encoded) {
      return encoded.payload(record);
    }
    Bytes payload = multicast.records().get(record).payload();
    return ByteBuffer.wrap(payload.shared());
  }
}
