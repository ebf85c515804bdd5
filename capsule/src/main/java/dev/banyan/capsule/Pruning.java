package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/// Writes batches of which something is left out: part of one batch, or what two parts of it have together.
final class Pruning {

  private final Crypto crypto;
  private final Batch one;
  private final Batch other;
  private final ByteBuffer out;

  private Pruning(Crypto crypto, Batch one, Batch other, ByteBuffer out) {
    this.crypto = crypto;
    this.one = one;
    this.other = other;
    this.out = out;
  }

  static Batch keeping(Crypto crypto, Batch batch, IntPredicate wanted) {
    BitSet kept = new BitSet(batch.count());
    for (int i = 0; i < batch.count(); i++) {
      kept.set(i, batch.has(i) && wanted.test(i));
    }
    if (kept.cardinality() == batch.present() || sizeBytes(batch, batch, kept) > Batch.MAX_BYTES) {
      return batch;
    }
    return parsed(crypto, batch, batch, kept);
  }

  static Batch united(Crypto crypto, Batch one, Batch other) throws CapsuleException {
    if (!Arrays.equals(one.bytes(), 0, Batch.BODY, other.bytes(), 0, Batch.BODY)
        || !Arrays.equals(one.root(crypto), other.root(crypto))) {
      throw new CapsuleException(Fault.FORGED, "two batches that are not the same");
    }
    BitSet kept = new BitSet(one.count());
    for (int i = 0; i < one.count(); i++) {
      kept.set(i, one.has(i) || other.has(i));
    }
    if (sizeBytes(one, other, kept) > Batch.MAX_BYTES) {
      throw CapsuleException.malformed("parts of a batch that is too large");
    }
    return parsed(crypto, one, other, kept);
  }

  private static Batch parsed(Crypto crypto, Batch one, Batch other, BitSet kept) {
    ByteBuffer out = ByteBuffer.allocate(sizeBytes(one, other, kept));
    write(crypto, one, other, kept, out);
    try {
      return Batch.parse(out.array());
    } catch (CapsuleException e) {
      throw new IllegalStateException("what was cut down cannot be read", e);
    }
  }

  /// What [#write] writes. Nothing is hashed for it.
  static int sizeBytes(Batch one, Batch other, BitSet kept) {
    int[] size = {Batch.BODY};
    int index = 0;
    while (index < one.count()) {
      if (kept.get(index)) {
        size[0] += one.has(index) ? one.recordBytes(index) : other.recordBytes(index);
        index++;
      } else {
        int end = endOfRun(kept, index, one.count());
        size[0] += 1 + Varint.size(end - index);
        Subtrees.covering(index, end, one.count(), (first, leaves) -> size[0] += Crypto.HASH_BYTES);
        index = end;
      }
    }
    return size[0];
  }

  private static int endOfRun(BitSet kept, int start, int count) {
    int next = kept.nextSetBit(start);
    return next < 0 ? count : next;
  }

  /// @param kept each of them is in one of the two copies
  static void write(Crypto crypto, Batch one, Batch other, BitSet kept, ByteBuffer out) {
    new Pruning(crypto, one, other, out).write(kept);
  }

  private void write(BitSet kept) {
    out.put(one.bytes(), 0, Batch.BODY);
    int index = 0;
    while (index < one.count()) {
      if (kept.get(index)) {
        Batch from = one.has(index) ? one : other;
        out.put(from.bytes(), from.recordAt(index), from.recordBytes(index));
        index++;
      } else {
        int end = endOfRun(kept, index, one.count());
        writeRun(index, end);
        index = end;
      }
    }
  }

  private void writeRun(int start, int end) {
    out.put((byte) Batch.CUT);
    Varint.put(out, end - start);
    Subtrees.covering(
        start,
        end,
        one.count(),
        (first, leaves) -> {
          Batch knowing = one.knows(first, leaves) ? one : other;
          knowing.hash(crypto, first, leaves, out.array(), out.position());
          out.position(out.position() + Crypto.HASH_BYTES);
        });
  }
}
