package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who is out, all of them, signed by the operator. Lists are numbered: the number tells who has the newest.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 4 | number: 0 for the empty list that a group begins with |
/// | 8 | seconds since 1970 at which it was signed |
/// | 4 | how many entries: at most 65,536 |
/// | 17 each | what: 1 a node, 2 a token; its id, 8 bytes; seconds since 1970 of its revocation, 8 bytes. Ascending by what and by id as a signed number |
/// | 64 | the operator's signature of "banyan/revocations/1" ‖ all of the above |
///
/// Nothing is ever taken back: a later list has all entries of the earlier ones. Each object of this class has been found to be signed by
/// the group's operator.
public final class Revocations {

  public static final int MAX_ENTRIES = 1 << 16;
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 1 + CapsuleGroup.ID_BYTES + 4 + 8 + 4;
  private static final int ENTRY_BYTES = 1 + 8 + 8;
  static final int MAX_BYTES = HEAD_BYTES + MAX_ENTRIES * ENTRY_BYTES + Crypto.SIGNATURE_BYTES;

  /// What was revoked.
  public enum What {
    NODE,
    TOKEN
  }

  /// @param id of the node or the token
  public record Entry(What what, long id) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byWhat = what.compareTo(other.what);
      return byWhat != 0 ? byWhat : Long.compare(id, other.id);
    }
  }

  private final byte[] bytes;
  private final int number;
  private final long signedSeconds;
  private final TreeMap<Entry, Long> entries;

  private Revocations(byte[] bytes, int number, long signedSeconds, TreeMap<Entry, Long> entries) {
    this.bytes = bytes;
    this.number = number;
    this.signedSeconds = signedSeconds;
    this.entries = entries;
  }

  /// The list that a group begins with.
  public static Revocations none(Crypto crypto, SigningKey operator, byte[] group, long seconds) {
    return sign(crypto, operator, group, 0, seconds, new TreeMap<>());
  }

  /// The next list, with these entries also. What is revoked already stays revoked since then.
  public Revocations with(
      Crypto crypto, SigningKey operator, byte[] group, Iterable<Entry> more, long seconds) {
    TreeMap<Entry, Long> all = new TreeMap<>(entries);
    more.forEach(entry -> all.putIfAbsent(entry, seconds));
    return sign(crypto, operator, group, number + 1, Math.max(seconds, signedSeconds), all);
  }

  private static Revocations sign(
      Crypto crypto,
      SigningKey operator,
      byte[] group,
      int number,
      long seconds,
      TreeMap<Entry, Long> entries) {
    if (entries.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException("at most " + MAX_ENTRIES + " revocations fit into a list");
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + entries.size() * ENTRY_BYTES);
    out.put((byte) VERSION).put(group).putInt(number).putLong(seconds).putInt(entries.size());
    entries.forEach((entry, since) ->
        out.put((byte) (entry.what.ordinal() + 1)).putLong(entry.id).putLong(since));
    byte[] signature = Purpose.REVOCATIONS.sign(crypto, operator, out.array());
    byte[] bytes = Arrays.copyOf(out.array(), out.capacity() + signature.length);
    System.arraycopy(signature, 0, bytes, out.capacity(), signature.length);
    return new Revocations(bytes, number, seconds, entries);
  }

  /// @throws CapsuleException for bytes that are no such list, or one of another group, or not of its operator
  public static Revocations read(Crypto crypto, byte[] bytes, GroupConfig config)
      throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "a list of revocations", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    int number = in.natural();
    long seconds = in.seconds();
    int count = in.natural();
    if (count > MAX_ENTRIES || in.remaining() != count * ENTRY_BYTES + Crypto.SIGNATURE_BYTES) {
      throw in.malformed("says that it has " + count + " entries, but has not");
    }
    TreeMap<Entry, Long> entries = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int what = in.unsignedByte();
      if (what < 1 || what > What.values().length) {
        throw in.malformed("revokes something of kind " + what);
      }
      Entry entry = new Entry(What.values()[what - 1], in.id());
      if (!entries.isEmpty() && entry.compareTo(entries.lastKey()) <= 0) {
        throw in.malformed("is not in order");
      }
      entries.put(entry, in.seconds());
    }
    if (!Arrays.equals(group, config.group())) {
      throw new CapsuleException(Fault.FOREIGN, "a list of revocations of another group");
    }
    if (!Purpose.REVOCATIONS.signedBy(crypto, config.operator(), bytes)) {
      throw new CapsuleException(
          Fault.FORGED, "a list of revocations that the operator has not signed");
    }
    return new Revocations(bytes.clone(), number, seconds, entries);
  }

  /// The number that the bytes of a list begin with, which may be anybody's; the greatest for what is too short to have one, so
  /// that reading it says what is wrong.
  public static int claimedNumber(byte[] bytes) {
    int at = 1 + CapsuleGroup.ID_BYTES;
    return bytes.length < at + Integer.BYTES
        ? Integer.MAX_VALUE
        : ByteBuffer.wrap(bytes).getInt(at);
  }

  /// The later of two lists of one group.
  ///
  /// @throws CapsuleException when the later one takes something back, or two have one number: the operator's folder was put
  ///     back to an older state, or is used in two places
  public Revocations orLater(Revocations other) throws CapsuleException {
    Revocations later = other.number > number ? other : this;
    Revocations earlier = later == other ? this : other;
    boolean twice = number == other.number && !Arrays.equals(bytes, other.bytes);
    if (twice || !later.entries.keySet().containsAll(earlier.entries.keySet())) {
      throw new CapsuleException(
          Fault.FORGED,
          "revocations "
              + later.number
              + " do not continue revocations "
              + earlier.number
              + ": the operator's folder is an old copy, or is used in two places");
    }
    return later;
  }

  /// Since when, in seconds since 1970; empty for what is not revoked.
  public OptionalLong revokedSeconds(What what, long id) {
    Long since = entries.get(new Entry(what, id));
    return since == null ? OptionalLong.empty() : OptionalLong.of(since);
  }

  /// All, with the seconds since 1970 of their revocation.
  public SortedMap<Entry, Long> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  public int number() {
    return number;
  }

  public long signedSeconds() {
    return signedSeconds;
  }

  public byte[] bytes() {
    return bytes.clone();
  }
}
