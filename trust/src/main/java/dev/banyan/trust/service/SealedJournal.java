package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What must not be forgotten, as entries that are only ever added. Each is sealed, so that nobody else can read, change, drop or reorder any; that the
/// last ones are missing, those notice who were told of them. As bytes, an entry is (big-endian):
///
/// | bytes | what |
/// |---|---|
/// | 4 | length of what follows the next field |
/// | 4 | the same with every bit turned, so that damage is told from an entry that was not written to its end |
/// | 12 | nonce, random |
/// | so many | the entry, sealed with AES-256-GCM; associated: its number from 0, 8 bytes, and the seal (last 16 bytes) of the entry before, zeros for the first |
/// | 1 | 255, the mark: written once all of the above was on the disk |
///
/// An entry at the very end without its mark was never answered for: it is taken away. One with the mark that cannot be opened was damaged later.
final class SealedJournal {

  static final int MAX_ENTRY_BYTES = 1 << 18;
  private static final int HEAD_BYTES = 8;
  private static final byte[] MARK = {(byte) 0xff};

  private final Crypto crypto;
  private final byte[] key;
  private final Randomness random;
  private final Storage storage;
  private long count;
  private long length;
  private byte[] before = new byte[Crypto.SEAL_BYTES];

  /// Whether the last attempt to write may have left something behind.
  private boolean torn;

  /// @param key 32 bytes, secret
  SealedJournal(Crypto crypto, byte[] key, Randomness random, Storage storage) {
    this.crypto = crypto;
    this.key = key;
    this.random = random;
    this.storage = storage;
  }

  /// All entries of before. To be called once, first.
  ///
  /// @throws CapsuleException when something in it is damaged, or of another service
  List<byte[]> load() throws IOException, CapsuleException {
    byte[] bytes = storage.load();
    List<byte[]> entries = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      ByteBuffer in = ByteBuffer.wrap(bytes, at, bytes.length - at);
      if (in.remaining() < HEAD_BYTES || isZero(bytes, at)) {
        break;
      }
      int size = in.getInt();
      if (in.getInt() != ~size
          || size <= Crypto.NONCE_BYTES + Crypto.SEAL_BYTES
          || size > MAX_ENTRY_BYTES) {
        throw damaged(at);
      }
      int end = in.position() + size;
      if (end >= bytes.length) {
        break; // Not marked.
      }
      byte[] entry = opened(bytes, in.position(), size);
      if (entry == null) {
        if (isZero(bytes, end)) {
          break; // Room was made for it and its mark, and no more: nobody was answered.
        }
        throw damaged(at);
      }
      // Of the last one it does not matter what became of its mark: it is whole.
      if (bytes[end] != MARK[0] && end + MARK.length < bytes.length && !isZero(bytes, end)) {
        throw damaged(at);
      }
      entries.add(entry);
      advance(bytes, end);
      at = end + MARK.length;
    }
    torn = at < bytes.length;
    length = at;
    return entries;
  }

  private static CapsuleException damaged(int at) {
    return new CapsuleException(
        Fault.FORGED,
        "it is damaged at byte "
            + at
            + ", or of another key service: restore the newest copy, which must not be older than what members have heard");
  }

  private static boolean isZero(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private byte @Nullable [] opened(byte[] bytes, int at, int size) {
    byte[] nonce = Arrays.copyOfRange(bytes, at, at + Crypto.NONCE_BYTES);
    int sealed = size - Crypto.NONCE_BYTES;
    byte[] entry = new byte[sealed - Crypto.SEAL_BYTES];
    Crypto.Slice text = new Crypto.Slice(bytes, at + Crypto.NONCE_BYTES, sealed);
    return crypto.aead(key).open(nonce, associated(), text, entry, 0) ? entry : null;
  }

  private Crypto.Slice associated() {
    return Crypto.Slice.of(
        ByteBuffer.allocate(Long.BYTES + before.length).putLong(count).put(before).array());
  }

  private void advance(byte[] bytes, int end) {
    before = Arrays.copyOfRange(bytes, end - Crypto.SEAL_BYTES, end);
    count++;
  }

  /// Adds an entry. When this returns, it will be there after whatever happens.
  ///
  /// @throws IOException when it could not be written: it must be taken for not having happened, and nobody be answered
  void add(byte[] entry) throws IOException {
    if (entry.length > MAX_ENTRY_BYTES / 2) {
      throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
    }
    if (torn) {
      storage.cut(length);
      torn = false;
    }
    int size = Crypto.NONCE_BYTES + entry.length + Crypto.SEAL_BYTES;
    byte[] nonce = random.bytes(Crypto.NONCE_BYTES);
    byte[] out =
        ByteBuffer.allocate(HEAD_BYTES + size).putInt(size).putInt(~size).put(nonce).array();
    crypto
        .aead(key)
        .seal(nonce, associated(), Crypto.Slice.of(entry), out, HEAD_BYTES + Crypto.NONCE_BYTES);
    torn = true;
    storage.append(out);
    storage.append(MARK);
    torn = false;
    length += out.length + MARK.length;
    advance(out, out.length);
  }
}
