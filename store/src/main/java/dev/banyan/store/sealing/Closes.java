package dev.banyan.store.sealing;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.BatchHeader;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.protocol.Session;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which members have left, and how far what they wrote still counts.
///
/// A member that left can number and stamp its batches as it likes. The number alone would not do: it could make another batch with
/// a number that counts. So nothing of it counts that is stamped later than the epoch began, and such a batch can win over nothing
/// that was written since.
final class Closes {

  /// By how much a write may be stamped later than the issuer's clock showed. A guess, as for clocks of one tree elsewhere.
  private static final long SLACK_SECONDS = 60;

  /// @param epoch the first in which the writer was no member any more
  /// @param untilSeconds what is stamped later does not count
  /// @param lastNumbers of batches that count, by session
  private record Closed(int epoch, long untilSeconds, Map<Session, Long> lastNumbers) {}

  private final Map<Long, Closed> byWriter = new LinkedHashMap<>();

  /// Takes what an activation says; it is later than all that were taken before.
  void take(Activation activation) {
    Map<Long, Closed> named = new LinkedHashMap<>();
    for (Activation.Close close : activation.closes()) {
      Closed before = byWriter.get(close.writer());
      Closed closed =
          named.computeIfAbsent(
              close.writer(),
              _ ->
                  new Closed(
                      before == null ? activation.epoch() : before.epoch(),
                      before == null
                          ? activation.fromSeconds() + SLACK_SECONDS
                          : before.untilSeconds(),
                      new LinkedHashMap<>()));
      closed
          .lastNumbers()
          .put(new Session(close.sessionHigh(), close.sessionLow()), close.lastNumber());
    }
    byWriter.putAll(named);
  }

  boolean names(long writer) {
    return byWriter.containsKey(writer);
  }

  /// Whether a batch counts of whose writer nothing more than that is known.
  ///
  /// @return seconds since 1970 after which nothing counts
  /// @throws CapsuleException when it does not
  long admit(BatchHeader header) throws CapsuleException {
    Closed closed = byWriter.get(header.writer());
    if (closed == null) {
      return Long.MAX_VALUE;
    }
    Session session = new Session(header.sessionHigh(), header.sessionLow());
    @Nullable Long last = closed.lastNumbers().get(session);
    if (header.epoch() >= closed.epoch() || last == null || header.number() > last) {
      throw new CapsuleException(
          Fault.REVOKED,
          "batch "
              + header.number()
              + " of epoch "
              + header.epoch()
              + " of "
              + HexFormat.of().toHexDigits(header.writer())
              + ", which left before epoch "
              + closed.epoch()
              + (last == null ? "" : " with batch " + last));
    }
    return closed.untilSeconds();
  }
}
