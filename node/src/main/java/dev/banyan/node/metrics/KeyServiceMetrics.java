package dev.banyan.node.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;

/// What a key service tells of itself, as metrics. Their names are promised in `docs/metrics.md`.
public final class KeyServiceMetrics {

  private static final Map<String, String> HELP =
      Map.ofEntries(
          Map.entry("admitted", "Workers that were admitted with a token, repetitions included."),
          Map.entry("released", "Answers with secrets to members."),
          Map.entry("rotated", "Epochs that the operator has begun."),
          Map.entry("refused", "Requests that were refused, for whatever reason."),
          Map.entry("second_processes", "Requests of processes with another process's identity."),
          Map.entry("quotes_missing", "Requests without a quote, where the policy demands one."),
          Map.entry("quotes_forged", "Quotes that their platform has not signed."),
          Map.entry("quotes_replayed", "Quotes that were made for another link."),
          Map.entry("quotes_of_other_keys", "Quotes that were made for other keys."),
          Map.entry("quotes_of_unknown_platforms", "Quotes of platforms that are not allowed."),
          Map.entry("quotes_of_unknown_programs", "Quotes of programs that are not allowed."));

  private KeyServiceMetrics() {}

  /// @param counters of the key service, by name; what has not happened yet may be missing
  public static MetricSnapshots of(Map<String, Long> counters) {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    HELP.keySet().stream()
        .sorted()
        .forEach(name ->
            all.metricSnapshot(
                CounterSnapshot.builder()
                    .name("banyan_keys_" + name)
                    .help(String.valueOf(HELP.get(name)))
                    .dataPoint(
                        CounterDataPointSnapshot.builder()
                            .value(counters.getOrDefault(name, 0L))
                            .build())
                    .build()));
    return all.build();
  }
}
