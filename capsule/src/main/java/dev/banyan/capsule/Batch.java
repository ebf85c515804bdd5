package dev.banyan.capsule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// A batch as it travels: its header and signature, then its records in order, of which runs may have been cut away. In the place
/// of a run stand the hashes of the subtrees that it covers, so that whoever has the rest can still compute the root that
/// the writer signed. No keys are needed for any of this: it is what routers see and do. Nothing in here has been verified
/// ([Verifier]): it is what the bytes say.
///
/// After the header (104 bytes) and the signature (64):
///
/// * a record: one byte of flags, the highest bit clear and the lowest two the tag epoch modulo 4; then, as varints, how much its
///   Lamport time is above the header's, and how many tags; the tags, ascending as signed numbers, 8 bytes each; for each tag,
///   as a varint, how far back its predecessor is, 0 for none; as a varint the length of the ciphertext; the ciphertext;
/// * a run that was cut away: the byte 0x80; as a varint how many records; the hashes of its subtrees, 32 bytes each.
///
/// The tree is that of RFC 6962: a leaf is SHA-256(0x00 ‖ index ‖ record), the index in 2 bytes, the record as it stands here; a node is
/// SHA-256(0x01 ‖ left ‖ right), and the left subtree of n leaves has the greatest power of two below n. A run is covered
/// by the fewest subtrees. Two runs never stand side by side, so each subset of a batch has one form.
public final class Batch {

  /// A larger one is refused, whole or cut down. It fits into a frame, with room for what else is in that.
  public static final int MAX_BYTES = (4 << 20) - (64 << 10);

  /// What a writer may seal. Hashes in the place of tiny records can make a batch longer: this leaves room for them.
  public static final int MAX_SEALED_BYTES = MAX_BYTES - (16 << 10);

  /// Of one record, as for a record in clear.
  public static final int MAX_TAGS = 256;

  static final int BODY = BatchHeader.BYTES + Crypto.SIGNATURE_BYTES;
  static final int CUT = 0x80;
  private static final int TAG_EPOCH = 0x03;
  private static final byte LEAF = 0;
  private static final byte NODE = 1;
  private static final byte CHAIN = 2;

  /// What stands before a record in its leaf: which it is, in 2 bytes, after the byte for leaves.
  private static final int LEAF_PREFIX = 3;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final BatchHeader header;

  /// Where record i begins; of one that was cut away, 0.
  private final int[] recordAt;

  private final int[] recordEnd;

  /// How many leaves the hash covers that stands for the subtree which begins with leaf i, and where it stands; 0 if none.
  private final int[] cutSize;

  private final int[] cutAt;
  private int present;
  private byte @Nullable [] root;

  /// The hashes of subtrees that were found out; null if they are not kept.
  private @Nullable KeptHashes keptHashes;

  private Batch(byte[] bytes, BatchHeader header) {
    this.bytes = bytes;
    this.header = header;
    int count = header.count();
    recordAt = new int[count];
    recordEnd = new int[count];
    cutSize = new int[count];
    cutAt = new int[count];
  }

  /// Reads what came in. The array is kept, not copied: it must not change any more.
  ///
  /// @throws CapsuleException for anything that is not written as above; whether it is true, [Verifier] finds out
  public static Batch parse(byte[] bytes) throws CapsuleException {
    if (bytes.length < BODY || bytes.length > MAX_BYTES) {
      throw CapsuleException.malformed("a batch of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Batch batch = new Batch(bytes, BatchHeader.parse(in));
    in.position(BODY);
    boolean afterRun = false;
    int index = 0;
    while (index < batch.count()) {
      if (!in.hasRemaining()) {
        throw CapsuleException.malformed("a batch is cut short at record " + index);
      }
      if ((in.get(in.position()) & CUT) == 0) {
        batch.readRecord(in, index++);
        afterRun = false;
      } else if (afterRun) {
        throw CapsuleException.malformed("two runs side by side");
      } else {
        index = batch.readRun(in, index);
        afterRun = true;
      }
    }
    if (in.hasRemaining()) {
      throw CapsuleException.malformed(in.remaining() + " bytes behind a batch");
    }
    return batch;
  }

  private void readRecord(ByteBuffer in, int index) throws CapsuleException {
    recordAt[index] = in.position();
    present++;
    int flags = in.get();
    if ((flags & ~TAG_EPOCH) != 0) {
      throw CapsuleException.malformed("a record with the flags " + flags);
    }
    if (Varint.get(in) > Long.MAX_VALUE - header.lamport()) {
      throw CapsuleException.malformed("a record with a time beyond all times");
    }
    readTags(in, header.firstSequence() + index);
    long length = Varint.get(in);
    if (length < Crypto.SEAL_BYTES || length > in.remaining()) {
      throw CapsuleException.malformed("a ciphertext of " + length + " bytes");
    }
    in.position(in.position() + (int) length);
    recordEnd[index] = in.position();
  }

  private static void readTags(ByteBuffer in, long sequence) throws CapsuleException {
    long tags = Varint.get(in);
    if (tags > MAX_TAGS || in.remaining() < tags * Long.BYTES) {
      throw CapsuleException.malformed("a record with " + tags + " tags");
    }
    long before = Long.MIN_VALUE;
    for (int i = 0; i < tags; i++) {
      long tag = in.getLong();
      if (i > 0 && tag <= before) {
        throw CapsuleException.malformed("tags that do not ascend");
      }
      before = tag;
    }
    for (int i = 0; i < tags; i++) {
      if (Varint.get(in) >= sequence) {
        throw CapsuleException.malformed("a predecessor before the first record");
      }
    }
  }

  /// @return the index behind the run
  private int readRun(ByteBuffer in, int start) throws CapsuleException {
    int flags = in.get() & 0xff;
    long size = Varint.get(in);
    if (flags != CUT || size < 1 || size > count() - start) {
      throw CapsuleException.malformed("a run of " + size + " records at " + start);
    }
    int end = start + (int) size;
    Subtrees.covering(
        start,
        end,
        count(),
        (first, leaves) -> {
          cutSize[first] = leaves;
          cutAt[first] = in.position();
          in.position(Math.min(in.limit(), in.position() + Crypto.HASH_BYTES));
        });
    int last = start;
    while (last < end) {
      if (cutAt[last] + Crypto.HASH_BYTES > in.limit()) {
        throw CapsuleException.malformed("the hashes of a run are cut short");
      }
      last += cutSize[last];
    }
    return end;
  }

  public BatchHeader header() {
    return header;
  }

  /// Of all that were signed, here or not.
  public int count() {
    return header.count();
  }

  /// How many records are here.
  public int present() {
    return present;
  }

  /// Whether this record is here.
  public boolean has(int index) {
    return recordAt[index] != 0;
  }

  /// The bytes that go on. The array is not copied: read only.
  public byte[] bytes() {
    return bytes;
  }

  /// Of one record, header and signature not counted; 0 for one that was cut away.
  public int recordBytes(int index) {
    return recordEnd[index] - recordAt[index];
  }

  /// One record that is here, read in place.
  RecordView record(int index) {
    if (!has(index)) {
      throw new IllegalArgumentException("record " + index + " was cut away");
    }
    return new RecordView(bytes, recordAt[index], recordEnd[index]);
  }

  /// Where in [#bytes] a record that is here begins.
  int recordAt(int index) {
    return recordAt[index];
  }

  /// The tags of a record that is here.
  public long[] tags(int index) {
    return record(index).tags();
  }

  /// Whether any tag of a record that is here passes. Allocates nothing: routers ask this of each record and link.
  public boolean anyTag(int index, LongPredicate wanted) {
    if (!has(index)) {
      throw new IllegalArgumentException("record " + index + " was cut away");
    }
    int at = recordAt[index] + 1;
    while (bytes[at] < 0) {
      at++;
    }
    at++;
    int tags = bytes[at] & 0x7f;
    if (bytes[at++] < 0) {
      tags |= (bytes[at++] & 0x7f) << 7;
    }
    for (int i = 0; i < tags; i++) {
      if (wanted.test((long) LONG.get(bytes, at + i * Long.BYTES))) {
        return true;
      }
    }
    return false;
  }

  // --- hashes

  /// The root that the writer signed, if nothing was changed.
  byte[] root(Crypto crypto) {
    byte[] known = root;
    if (known == null) {
      known = new byte[Crypto.HASH_BYTES];
      hash(crypto, 0, count(), known, 0);
      root = known;
    }
    return known;
  }

  /// What the next header of the session names as the one before it: SHA-256(0x02 ‖ header ‖ root).
  public byte[] chainHash(Crypto crypto) {
    byte[] known = root(crypto);
    return crypto.sha256().update(CHAIN).update(bytes, 0, BatchHeader.BYTES).update(known).finish();
  }

  static byte[] signedBytes(CapsuleGroup group, byte[] batch, byte[] root) {
    ByteBuffer out =
        ByteBuffer.allocate(
            Label.BATCH.size()
                + CapsuleGroup.ID_BYTES
                + Crypto.HASH_BYTES
                + BatchHeader.BYTES
                + Crypto.HASH_BYTES);
    Label.BATCH.putInto(out).put(group.id()).put(group.rosterHash());
    return out.put(batch, 0, BatchHeader.BYTES).put(root).array();
  }

  byte[] signature() {
    return Arrays.copyOfRange(bytes, BatchHeader.BYTES, BODY);
  }

  /// Whether the hash of this subtree can be told: no part of it was cut away within a larger one.
  boolean knows(int start, int size) {
    if (cutSize[start] >= size) {
      return cutSize[start] == size;
    }
    if (size == 1) {
      return has(start);
    }
    int left = Subtrees.left(size);
    return knows(start, left) && knows(start + left, size - left);
  }

  /// From here on each hash is found out once: 66 bytes a record, for as long as the batch is there.
  void keepHashes() {
    keptHashes = new KeptHashes(count());
  }

  /// Writes the hash of a subtree that is known.
  void hash(Crypto crypto, int start, int size, byte[] out, int at) {
    if (cutSize[start] == size) {
      System.arraycopy(bytes, cutAt[start], out, at, Crypto.HASH_BYTES);
      return;
    }
    if (root != null && size == count()) {
      System.arraycopy(root, 0, out, at, Crypto.HASH_BYTES);
      return;
    }
    KeptHashes kept = keptHashes;
    if (kept == null) {
      findHash(crypto, start, size, out, at);
    } else if (!kept.copy(start, size, out, at)) {
      findHash(crypto, start, size, out, at);
      kept.keep(start, size, out, at);
    }
  }

  /// What is hashed is put together first: copying a record costs less than giving a hasher a byte.
  private void findHash(Crypto crypto, int start, int size, byte[] out, int at) {
    if (size == 1) {
      byte[] leaf = new byte[LEAF_PREFIX + recordBytes(start)];
      leaf[0] = LEAF;
      leaf[1] = (byte) (start >> 8);
      leaf[2] = (byte) start;
      System.arraycopy(bytes, recordAt[start], leaf, LEAF_PREFIX, recordBytes(start));
      crypto.sha256().update(leaf).finish(out, at);
    } else {
      int left = Subtrees.left(size);
      byte[] node = new byte[1 + 2 * Crypto.HASH_BYTES];
      node[0] = NODE;
      hash(crypto, start, left, node, 1);
      hash(crypto, start + left, size - left, node, 1 + Crypto.HASH_BYTES);
      crypto.sha256().update(node).finish(out, at);
    }
  }

  // --- pruning

  /// This batch without the records that do not pass. Hashes stand in their place; of a batch that all of it passes, this one; and
  /// this one too where hashes would make it longer than a batch may be.
  public Batch keeping(Crypto crypto, IntPredicate wanted) {
    return Pruning.keeping(crypto, this, wanted);
  }

  /// This batch without any record, encoded: header, signature and root, which is all that it takes to show that somebody has signed it. Of what was verified
  /// nothing is hashed again.
  public byte[] bare(Crypto crypto) {
    byte[] known = root(crypto);
    ByteBuffer out =
        ByteBuffer.allocate(BODY + 1 + Varint.size(count()) + known.length)
            .put(bytes, 0, BODY)
            .put((byte) CUT);
    Varint.put(out, count());
    return out.put(known).array();
  }

  /// All records that either of two copies of one batch has, each cut down in its own way. Nothing is verified: if one of the
  /// copies has been, so has what they make.
  ///
  /// @throws CapsuleException when they are not copies of one batch
  public Batch unitedWith(Crypto crypto, Batch other) throws CapsuleException {
    return Pruning.united(crypto, this, other);
  }
}
