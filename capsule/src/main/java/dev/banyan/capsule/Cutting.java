package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.util.BitSet;

/// One batch, cut down for several who each want some of it. What was hashed for one is not hashed again for the next, and
/// nothing is hashed to find out how long a part would be. Needs no keys, and believes nothing: what is cut away from a batch that
/// is not true leaves one that is not true.
public final class Cutting {

  private final Crypto crypto;
  private final Batch batch;

  /// @param batch nobody else's: it keeps its hashes from here on
  public Cutting(Crypto crypto, Batch batch) {
    this.crypto = crypto;
    this.batch = batch;
    batch.keepHashes();
  }

  public Batch batch() {
    return batch;
  }

  /// How long the batch is with these of its records and no others.
  ///
  /// @param kept some that are here
  public int sizeBytes(BitSet kept) {
    return Pruning.sizeBytes(batch, batch, kept);
  }

  /// The batch with these of its records and no others, behind what stands before it.
  ///
  /// @param kept some that are here
  public byte[] keeping(BitSet kept, byte[] before) {
    ByteBuffer out = ByteBuffer.allocate(before.length + sizeBytes(kept));
    out.put(before);
    Pruning.write(crypto, batch, batch, kept, out);
    return out.array();
  }
}
