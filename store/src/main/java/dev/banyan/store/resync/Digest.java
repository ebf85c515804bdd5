package dev.banyan.store.resync;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Record;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Version;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.VersionCode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// "This is what I hold": a list of claims, in a record addressed to exactly the tags they are about. Big-endian: kind
/// (1 byte), number of claims (2), claims; each a type (1 byte) and, where it means a tag, that tag's place among the
/// record's (1 byte).
///
/// | claim | bytes after the type |
/// |---|---|
/// | 1, of a key | tag; number of prefix tags (1), prefix tags; version (32, [VersionCode]) |
/// | 2, of a prefix | tag; bits (1); 2^bits checksums (8 each) |
/// | 3, of a range of keys under a prefix | tag; lowest and highest key tag (8 each); count (4); count times key tag (8, ascending) and version (32) |
///
/// @param claims what the sender says of itself
public record Digest(List<Claim> claims) {

  static final int MAX_BYTES = 64 << 10;

  /// Pairs in one claim about a range; a larger range is cut.
  static final int MAX_PAIRS = 1024;

  static final int PAIR_BYTES = Long.BYTES + VersionCode.BYTES;

  public sealed interface Claim {}

  /// The newest write of a key.
  ///
  /// @param tags the tags of the key's records, its own among them, as far as the sender knows them
  /// @param held empty: the sender wants the key and holds nothing of it
  public record OfKey(long keyTag, long[] tags, Optional<Version> held) implements Claim {}

  /// The checksums of all keys under a prefix.
  public record OfPrefix(long prefixTag, long[] checksums) implements Claim {}

  /// All keys under a prefix whose tags are in a range, both ends included.
  public record OfRange(long prefixTag, long lowest, long highest, List<Pair> pairs)
      implements Claim {}

  /// The newest write of one key in a range.
  public record Pair(long keyTag, Version version) {}

  /// @throws IllegalArgumentException with one line saying what is wrong
  public static Digest parse(Record record, Bytes payload) {
    ByteBuffer in = ByteBuffer.wrap(payload.shared());
    try {
      if (in.get() != PayloadKind.DIGEST) {
        throw new IllegalArgumentException("no digest");
      }
      int count = in.getShort() & 0xffff;
      List<Claim> claims = new ArrayList<>(Math.min(count, Record.MAX_TAGS));
      for (int i = 0; i < count; i++) {
        claims.add(claim(in, record.tags()));
      }
      if (in.hasRemaining()) {
        throw new IllegalArgumentException(in.remaining() + " bytes behind a digest");
      }
      return new Digest(claims);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a digest is cut short", e);
    }
  }

  private static Claim claim(ByteBuffer in, long[] tags) {
    byte type = in.get();
    long tag = tag(in, tags);
    return switch (type) {
      case 1 -> {
        int prefixes = in.get() & 0xff;
        if (prefixes > StoreConfig.MAX_PREFIX_LEVELS) {
          throw new IllegalArgumentException("a key with tags of " + prefixes + " prefixes");
        }
        long[] all = new long[1 + prefixes];
        all[0] = tag;
        for (int i = 1; i < all.length; i++) {
          all[i] = tag(in, tags);
        }
        yield new OfKey(tag, all, VersionCode.get(in));
      }
      case 2 -> {
        int bits = in.get();
        if (bits < 0 || bits > Checksums.MAX_BITS) {
          throw new IllegalArgumentException("checksums of " + bits + " bits");
        }
        long[] checksums = new long[1 << bits];
        for (int i = 0; i < checksums.length; i++) {
          checksums[i] = in.getLong();
        }
        yield new OfPrefix(tag, checksums);
      }
      case 3 -> range(in, tag);
      default -> throw new IllegalArgumentException("a claim of type " + type);
    };
  }

  private static OfRange range(ByteBuffer in, long tag) {
    long lowest = in.getLong();
    long highest = in.getLong();
    int count = in.getInt();
    if (count < 0 || count > MAX_PAIRS || lowest < 0 || highest < lowest) {
      throw new IllegalArgumentException(
          "a range of " + count + " from " + lowest + " to " + highest);
    }
    List<Pair> pairs = new ArrayList<>(count);
    long previous = lowest - 1;
    for (int i = 0; i < count; i++) {
      long keyTag = in.getLong();
      if (keyTag <= previous || keyTag > highest) {
        throw new IllegalArgumentException("a range out of order");
      }
      previous = keyTag;
      pairs.add(
          new Pair(
              keyTag,
              VersionCode.get(in)
                  .orElseThrow(() -> new IllegalArgumentException("a pair without a version"))));
    }
    return new OfRange(tag, lowest, highest, pairs);
  }

  private static long tag(ByteBuffer in, long[] tags) {
    int index = in.get() & 0xff;
    if (index >= tags.length) {
      throw new IllegalArgumentException("tag " + index + " of " + tags.length);
    }
    return tags[index];
  }

  /// A digest ready to be sent.
  public record Parcel(long[] tags, Bytes payload) {}

  /// Packs claims into as few digests as the limits on tags and bytes allow.
  public static List<Parcel> pack(List<Claim> claims) {
    List<Parcel> parcels = new ArrayList<>();
    List<Claim> packed = new ArrayList<>();
    TreeSet<Long> tags = new TreeSet<>();
    int bytes = 0;
    for (Claim claim : claims) {
      int size = sizeOf(claim);
      long fresh = tagsOf(claim).stream().filter(tag -> !tags.contains(tag)).count();
      if (!packed.isEmpty()
          && (tags.size() + fresh > Record.MAX_TAGS || bytes + size > MAX_BYTES)) {
        parcels.add(encode(tags, packed, bytes));
        packed.clear();
        tags.clear();
        bytes = 0;
      }
      packed.add(claim);
      tags.addAll(tagsOf(claim));
      bytes += size;
    }
    if (!packed.isEmpty()) {
      parcels.add(encode(tags, packed, bytes));
    }
    return parcels;
  }

  private static List<Long> tagsOf(Claim claim) {
    return switch (claim) {
      case OfKey key -> Arrays.stream(key.tags()).boxed().toList();
      case OfPrefix prefix -> List.of(prefix.prefixTag());
      case OfRange range -> List.of(range.prefixTag());
    };
  }

  static int sizeOf(Claim claim) {
    return switch (claim) {
      case OfKey key -> 2 + key.tags().length + VersionCode.BYTES;
      case OfPrefix prefix -> 3 + prefix.checksums().length * Long.BYTES;
      case OfRange range -> 22 + range.pairs().size() * PAIR_BYTES;
    };
  }

  private static Parcel encode(TreeSet<Long> tagSet, List<Claim> claims, int bytes) {
    long[] tags = tagSet.stream().mapToLong(Long::longValue).toArray();
    ByteBuffer out = ByteBuffer.allocate(3 + bytes);
    out.put(PayloadKind.DIGEST).putShort((short) claims.size());
    for (Claim claim : claims) {
      switch (claim) {
        case OfKey key -> {
          out.put((byte) 1).put(place(tags, key.keyTag())).put((byte) (key.tags().length - 1));
          for (long tag : key.tags()) {
            if (tag != key.keyTag()) {
              out.put(place(tags, tag));
            }
          }
          VersionCode.put(out, key.held());
        }
        case OfPrefix prefix -> {
          out.put((byte) 2).put(place(tags, prefix.prefixTag()));
          out.put((byte) Integer.numberOfTrailingZeros(prefix.checksums().length));
          for (long checksum : prefix.checksums()) {
            out.putLong(checksum);
          }
        }
        case OfRange range -> {
          out.put((byte) 3).put(place(tags, range.prefixTag()));
          out.putLong(range.lowest()).putLong(range.highest()).putInt(range.pairs().size());
          for (Pair pair : range.pairs()) {
            out.putLong(pair.keyTag());
            VersionCode.put(out, Optional.of(pair.version()));
          }
        }
      }
    }
    return new Parcel(tags, Bytes.wrap(out.array()));
  }

  private static byte place(long[] tags, long tag) {
    return (byte) Arrays.binarySearch(tags, tag);
  }
}
