package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds members that make two different batches of one session with one number. Both are signed, so their headers prove it to everybody, and are kept.
///
/// A batch of such a member is taken like any other: it may write what it likes, and all replicas must hold the same. Of one that has left
/// the second is refused.
final class Forks {

  /// Sessions of which something is remembered; the longest unheard is forgotten first. Guesses, with [#WINDOW]: some 2 MB at most.
  private static final int SESSIONS = 256;

  /// Members of whom two batches are kept, the first two that were found. A member more is named, and its batches are not kept.
  private static final int MEMBERS = 64;

  /// Batches of a session that are remembered: of those whose numbers are the same modulo this the one that was verified last.
  private static final int WINDOW = 32;

  private record Name(long writer, Session session) {}

  private static final class Latest {
    final long[] numbers = new long[WINDOW];
    final byte[][] bare = new byte[WINDOW][];
    boolean told;
  }

  private final Map<Long, Sealing.Fork> found = new LinkedHashMap<>();

  private final Crypto crypto;
  private final LinkedHashMap<Name, Latest> sessions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Latest> eldest) {
          return size() > SESSIONS;
        }
      };

  Forks(Crypto crypto) {
    this.crypto = crypto;
  }

  /// Remembers a batch that was verified.
  ///
  /// @param certificate of its writer
  /// @return whether another one with its number was verified before
  boolean contradicts(Batch batch, Certificate certificate) {
    BatchHeader header = batch.header();
    Latest latest = latest(header);
    int at = (int) (header.number() % WINDOW);
    byte[] bare = batch.bare(crypto);
    if (latest.numbers[at] == header.number()) {
      boolean same = signsTheSame(latest.bare[at], bare);
      if (!same && found.size() < MEMBERS) {
        found.computeIfAbsent(
            header.writer(),
            writer ->
                new Sealing.Fork(
                    new NodeId(writer),
                    told(header),
                    evidence(certificate, latest.bare[at]),
                    evidence(certificate, bare)));
      }
      return !same;
    }
    latest.numbers[at] = header.number();
    latest.bare[at] = bare;
    return false;
  }

  /// Whatever their signatures are: of one text there may be many.
  private static boolean signsTheSame(byte[] one, byte[] other) {
    int root = one.length - Crypto.HASH_BYTES;
    return one.length == other.length
        && Arrays.equals(one, 0, BatchHeader.BYTES, other, 0, BatchHeader.BYTES)
        && Arrays.equals(one, root, one.length, other, root, other.length);
  }

  private static Bytes evidence(Certificate certificate, byte[] bare) {
    return Bytes.wrap(
        ByteBuffer.allocate(Certificate.BYTES + bare.length)
            .put(certificate.encoded())
            .put(bare)
            .array());
  }

  /// Members that were found, those first that were found first.
  List<Sealing.Fork> found() {
    return List.copyOf(found.values());
  }

  /// Whether it is said of its session the first time that it is forked.
  boolean isNews(BatchHeader header) {
    Latest latest = latest(header);
    boolean news = !latest.told;
    latest.told = true;
    return news;
  }

  private Latest latest(BatchHeader header) {
    Session session = new Session(header.sessionHigh(), header.sessionLow());
    return sessions.computeIfAbsent(new Name(header.writer(), session), _ -> new Latest());
  }

  /// For people.
  static String told(BatchHeader header) {
    HexFormat hex = HexFormat.of();
    return "two different batches are signed by "
        + hex.toHexDigits(header.writer())
        + " as number "
        + header.number()
        + " of its session "
        + hex.toHexDigits(header.sessionHigh())
        + hex.toHexDigits(header.sessionLow());
  }
}
