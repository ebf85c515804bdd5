package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// Writes batches of which something is left out: part of one batch, or what two parts of it have together.
final class Pruning {

  private final Crypto crypto;
  private final Batch one;
  private final Batch other;
  private final ByteBuffer out;

  private Pruning(Crypto crypto, Batch one, Batch other) {
    this.crypto = crypto;
    this.one = one;
    this.other = other;
    // A record takes 20 bytes or more, a run in its place 34 or 35: twice as much is enough. Of two
    // copies each hash and
    // each run that is written is in one of them.
    out = ByteBuffer.allocate(one.bytes().length + other.bytes().length);
  }

  static Batch keeping(Crypto crypto, Batch batch, IntPredicate wanted) {
    boolean[] kept = new boolean[batch.count()];
    int keptRecords = 0;
    for (int i = 0; i < kept.length; i++) {
      kept[i] = batch.has(i) && wanted.test(i);
      keptRecords += kept[i] ? 1 : 0;
    }
    if (keptRecords == batch.present()) {
      return batch;
    }
    byte[] bytes = new Pruning(crypto, batch, batch).write(kept);
    return bytes.length > Batch.MAX_BYTES ? batch : parsed(bytes);
  }

  static Batch united(Crypto crypto, Batch one, Batch other) throws CapsuleException {
    if (!Arrays.equals(one.bytes(), 0, Batch.BODY, other.bytes(), 0, Batch.BODY)
        || !Arrays.equals(one.root(crypto), other.root(crypto))) {
      throw new CapsuleException(Fault.FORGED, "two batches that are not the same");
    }
    boolean[] kept = new boolean[one.count()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = one.has(i) || other.has(i);
    }
    byte[] bytes = new Pruning(crypto, one, other).write(kept);
    if (bytes.length > Batch.MAX_BYTES) {
      throw CapsuleException.malformed("parts of a batch that is too large");
    }
    return parsed(bytes);
  }

  private static Batch parsed(byte[] bytes) {
    try {
      return Batch.parse(bytes);
    } catch (CapsuleException e) {
      throw new IllegalStateException("what was cut down cannot be read", e);
    }
  }

  private byte[] write(boolean[] kept) {
    out.put(one.bytes(), 0, Batch.BODY);
    int index = 0;
    while (index < kept.length) {
      if (kept[index]) {
        Batch from = one.has(index) ? one : other;
        out.put(from.bytes(), from.recordAt(index), from.recordBytes(index));
        index++;
      } else {
        int end = index;
        while (end < kept.length && !kept[end]) {
          end++;
        }
        writeRun(index, end);
        index = end;
      }
    }
    return Arrays.copyOf(out.array(), out.position());
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
