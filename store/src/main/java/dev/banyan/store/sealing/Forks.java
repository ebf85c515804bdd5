package dev.banyan.store.sealing;

import dev.banyan.capsule.Batch;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.Crypto;
import dev.banyan.protocol.Session;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Finds members that make two different batches of one session with one number. Both are signed, so their headers prove it to everybody.
///
/// A batch of such a member is taken like any other: it may write what it likes, and all replicas must hold the same. Of one that has left
/// the second is refused.
final class Forks {

  /// Sessions of which something is remembered; the longest unheard is forgotten first. Guesses, with [#WINDOW]: some 1 MB at most.
  private static final int SESSIONS = 512;

  /// Batches of a session that are remembered: of those whose numbers are the same modulo this the one that was verified last.
  private static final int WINDOW = 32;

  private record Name(long writer, Session session) {}

  private static final class Latest {
    final long[] numbers = new long[WINDOW];
    final byte[][] hashes = new byte[WINDOW][];
    boolean told;
  }

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
  /// @return whether another one with its number was verified before
  boolean contradicts(Batch batch) {
    BatchHeader header = batch.header();
    Latest latest = latest(header);
    int at = (int) (header.number() % WINDOW);
    byte[] hash = batch.chainHash(crypto);
    if (latest.numbers[at] == header.number()) {
      return !Arrays.equals(latest.hashes[at], hash);
    }
    latest.numbers[at] = header.number();
    latest.hashes[at] = hash;
    return false;
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
