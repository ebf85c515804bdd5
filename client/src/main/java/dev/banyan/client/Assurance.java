package dev.banyan.client;

import java.time.Instant;
import java.util.Optional;

/// On whose word there is no such key.
///
/// @param since only of [Kind#CONFIRMED]: since when the key has been followed without a gap. What was written later would be known
public record Assurance(Kind kind, Optional<Instant> since) {

  public enum Kind {
    /// Nobody proves anything in this tree, and everybody is believed.
    TRUSTED,

    /// Routers say so, and no worker has confirmed it. A router that lies can say it of any key.
    PROVISIONAL,

    /// A worker has signed that it follows what is written there, and knows of no such key. For the time before it did, it is
    /// the word of routers.
    CONFIRMED,

    /// A worker has deleted it, and signed that.
    DELETED
  }

  static final Assurance TRUSTED = new Assurance(Kind.TRUSTED, Optional.empty());

  /// For people, to be put behind "no key ...": empty, or in parentheses.
  public String text() {
    return switch (kind) {
      case TRUSTED, DELETED -> "";
      case PROVISIONAL -> " (provisional: no worker has confirmed it)";
      case CONFIRMED ->
          " (confirmed"
              + since.map(time -> " by who has followed it since " + time).orElse("")
              + ")";
    };
  }
}
