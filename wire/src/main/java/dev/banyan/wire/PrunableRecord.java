package dev.banyan.wire;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Carried;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Cutting;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// One record of a multicast, which may be a batch. What is no batch, or one whose tags are not those that the record says, is kept
/// or left out as a whole.
///
/// Whether a tag is wanted is asked once for each of the record's tags, of which there are 256 at most; which of them each record of
/// the batch has is kept in bits.
final class PrunableRecord {

  /// What a tag takes, with its predecessor.
  private static final int TAG_BYTES = Long.BYTES + 1;

  /// Of something that cannot be cut down: kept.
  private static final BitSet ALL = BitSet.valueOf(new long[] {1});

  private static final BitSet NOTHING = new BitSet();

  private final long[] tags;
  private final int payloadBytes;

  /// Null for what is kept or left out as a whole.
  private @Nullable Cutting cutting;

  private byte[] certificate = {};

  /// Of each record of the batch: which of the tags it has.
  private BitSet[] tagsOf = {};

  private PrunableRecord(long[] tags, int payloadBytes) {
    this.tags = tags;
    this.payloadBytes = payloadBytes;
  }

  static PrunableRecord read(Crypto crypto, Multicast multicast, int record) {
    long[] tags = new long[multicast.tagCount(record)];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = multicast.tag(record, i);
    }
    ByteBuffer payload = BatchPruner.buffer(multicast, record);
    PrunableRecord read = new PrunableRecord(tags, payload.remaining());
    int signed = Carried.signedRecords(payload, payload.position(), payload.remaining());
    if (signed > 1 && tags.length > 1) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(payload.position(), bytes);
      try {
        Carried carried = Carried.parse(bytes);
        read.cut(crypto, carried);
      } catch (CapsuleException _) {
        // No batch, whatever it looks like: whoever wants it will refuse it.
      }
    }
    return read;
  }

  /// Takes the batch, unless it has other tags than the record: then nobody knows who wants what of it.
  private void cut(Crypto crypto, Carried carried) {
    Batch batch = carried.batch();
    BitSet[] found = new BitSet[batch.count()];
    BitSet all = new BitSet(tags.length);
    for (int i = 0; i < found.length; i++) {
      BitSet of = new BitSet(tags.length);
      found[i] = of;
      if (batch.has(i) && batch.anyTag(i, tag -> !note(tag, of))) {
        return;
      }
      all.or(of);
    }
    if (all.cardinality() == tags.length) {
      tagsOf = found;
      certificate = carried.certificate();
      cutting = new Cutting(crypto, batch);
    }
  }

  private boolean note(long tag, BitSet found) {
    int place = Arrays.binarySearch(tags, tag);
    if (place >= 0) {
      found.set(place);
    }
    return place >= 0;
  }

  long sizeBytes() {
    return payloadBytes + (long) TAG_BYTES * tags.length;
  }

  /// What is left of the record for whoever may want these tags and no others; nothing: all of it is left out.
  BitSet kept(LongPredicate wanted) {
    BitSet wantedTags = new BitSet(tags.length);
    for (int i = 0; i < tags.length; i++) {
      wantedTags.set(i, wanted.test(tags[i]));
    }
    if (tags.length > 0 && wantedTags.isEmpty()) {
      return NOTHING;
    }
    Cutting known = cutting;
    if (known == null) {
      return ALL;
    }
    Batch batch = known.batch();
    BitSet kept = new BitSet(batch.count());
    for (int i = 0; i < batch.count(); i++) {
      kept.set(i, batch.has(i) && (tagsOf[i].isEmpty() || tagsOf[i].intersects(wantedTags)));
    }
    return kept;
  }

  /// How long it is with what is left of it.
  long sizeBytes(BitSet kept) {
    Cutting known = cutting;
    if (kept.isEmpty()) {
      return 0;
    }
    if (known == null || isWhole(known, kept)) {
      return sizeBytes();
    }
    return certificate.length
        + known.sizeBytes(kept)
        + (long) TAG_BYTES * tagsLeft(kept).cardinality();
  }

  private static boolean isWhole(Cutting cutting, BitSet kept) {
    return kept.cardinality() == cutting.batch().present();
  }

  private BitSet tagsLeft(BitSet kept) {
    BitSet left = new BitSet(tags.length);
    for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
      left.or(tagsOf[i]);
    }
    return left;
  }

  /// @param kept not nothing
  Record keeping(Record whole, BitSet kept) {
    Cutting known = cutting;
    if (known == null || isWhole(known, kept)) {
      return whole;
    }
    BitSet left = tagsLeft(kept);
    return new Record(
        left.stream().mapToLong(i -> tags[i]).toArray(),
        whole.writer(),
        whole.session(),
        whole.sequence(),
        left.stream().mapToLong(i -> whole.predecessors()[i]).toArray(),
        Bytes.wrap(known.keeping(kept, certificate)));
  }
}
