package dev.banyan.cli.trust;

import dev.banyan.capsule.Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;

/// Kinds, ids and times as `banyan trust` prints them.
final class TrustText {

  private TrustText() {}

  static String kind(Certificate.Kind kind) {
    return switch (kind) {
      case ROOT -> "root";
      case ROUTER -> "router";
      case CLIENT -> "worker";
      case OBSERVER -> "observer";
    };
  }

  static String id(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /// @param seconds since 1970
  static String time(long seconds) {
    try {
      return Instant.ofEpochSecond(seconds).toString();
    } catch (DateTimeException e) {
      return "the end of time";
    }
  }
}
