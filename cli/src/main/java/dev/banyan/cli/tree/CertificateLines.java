package dev.banyan.cli.tree;

import dev.banyan.node.inspect.ProvenObserver;
import dev.banyan.node.text.Words;
import dev.banyan.protocol.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a survey has seen of certificates: of each router that it has asked.
final class CertificateLines {

  private static final long DAY_SECONDS = 86_400;

  /// Time enough to give a node another one.
  private static final long SOON_SECONDS = 14 * DAY_SECONDS;

  private CertificateLines() {}

  /// @param observer none where links are in clear
  static List<String> of(Optional<ProvenObserver> observer, long nowSeconds) {
    if (observer.isEmpty()) {
      return List.of("links in clear: nobody proves who it is");
    }
    return ofCertificates(observer.get().certificates(), nowSeconds);
  }

  static List<String> ofCertificates(Map<NodeId, Long> certificates, long nowSeconds) {
    List<String> lines = new ArrayList<>();
    long first = certificates.values().stream().mapToLong(each -> each).min().orElse(0);
    lines.add(
        "links encrypted (TLS 1.3), "
            + Words.counted(certificates.size(), "certificate")
            + " seen, the first expires "
            + Instant.ofEpochSecond(first)
            + " ("
            + days(first - nowSeconds)
            + ")");
    new TreeMap<>(certificates)
        .forEach((node, until) -> {
          if (until - nowSeconds < SOON_SECONDS) {
            lines.add("router " + node + "  EXPIRES in " + days(until - nowSeconds));
          }
        });
    return lines;
  }

  private static String days(long seconds) {
    return Words.counted(Math.max(0, seconds / DAY_SECONDS), "day");
  }

  /// By node, when its certificate expires.
  static Map<String, String> json(ProvenObserver observer) {
    Map<String, String> json = new LinkedHashMap<>();
    new TreeMap<>(observer.certificates())
        .forEach(
            (node, until) -> json.put(node.toString(), Instant.ofEpochSecond(until).toString()));
    return json;
  }
}
