package dev.banyan.lab.reference;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The packets of a replayed run.
///
/// @param totalPackets of all hosts, each once
/// @param rootPackets those that the root sent or received
/// @param rootPacketsByType the same by kind; kinds that never came are left out
/// @param packetsPerHost in the order in which hosts joined; a packet from a host to itself counts once
/// @param packetsPerHostSelfSendsTwice the same, but it counts twice
public record Counts(
    long totalPackets,
    long rootPackets,
    Map<String, Long> rootPacketsByType,
    Map<String, Long> packetsPerHost,
    Map<String, Long> packetsPerHostSelfSendsTwice) {

  public Counts {
    rootPacketsByType = Collections.unmodifiableMap(new LinkedHashMap<>(rootPacketsByType));
    packetsPerHost = Collections.unmodifiableMap(new LinkedHashMap<>(packetsPerHost));
    packetsPerHostSelfSendsTwice =
        Collections.unmodifiableMap(new LinkedHashMap<>(packetsPerHostSelfSendsTwice));
  }

  /// The first count that is not what was expected, for people. Counts that were not given are not compared; of counts
  /// by name, each name that either side has must be on the other.
  public Optional<String> firstDifference(PublishedTrace.Expected expected) {
    Map<String, Long> totals = new LinkedHashMap<>();
    totals.put("rootPackets", rootPackets);
    totals.put("totalPackets", totalPackets);
    totals.keySet().retainAll(expected.totals().keySet());
    return byName(expected, "packetsPerHost", packetsPerHost)
        .or(() -> byName(expected, "packetsPerHostSelfSendsTwice", packetsPerHostSelfSendsTwice))
        .or(() -> firstDifference("", expected.totals(), totals))
        .or(() -> byName(expected, "rootPacketsByType", rootPacketsByType));
  }

  private static Optional<String> byName(
      PublishedTrace.Expected expected, String metric, Map<String, Long> counted) {
    Map<String, Long> wanted = expected.byName().get(metric);
    return wanted == null ? Optional.empty() : firstDifference(metric, wanted, counted);
  }

  private static Optional<String> firstDifference(
      String metric, Map<String, Long> wanted, Map<String, Long> counted) {
    for (Map.Entry<String, Long> count : counted.entrySet()) {
      Long expected = wanted.get(count.getKey());
      if (!count.getValue().equals(expected)) {
        return Optional.of(
            "%s: counted %d, expected %s"
                .formatted(
                    where(metric, count.getKey()),
                    count.getValue(),
                    expected == null ? "none" : expected));
      }
    }
    for (Map.Entry<String, Long> count : wanted.entrySet()) {
      if (!counted.containsKey(count.getKey())) {
        return Optional.of(
            "%s: counted none, expected %d"
                .formatted(where(metric, count.getKey()), count.getValue()));
      }
    }
    return Optional.empty();
  }

  private static String where(String metric, String name) {
    return metric.isEmpty() ? name : metric + " of " + name;
  }
}
