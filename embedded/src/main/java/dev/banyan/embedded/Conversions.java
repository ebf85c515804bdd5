package dev.banyan.embedded;

import dev.banyan.client.Assurance;
import dev.banyan.client.BadRequestException;
import dev.banyan.client.BanyanException;
import dev.banyan.client.Condition;
import dev.banyan.client.Revision;
import dev.banyan.client.StoreFullException;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.UnavailableException.Why;
import dev.banyan.client.Value;
import dev.banyan.client.Version;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.Grounds;
import dev.banyan.store.StoreOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The client's words for what the store says, and the reverse.
final class Conversions {

  private Conversions() {}

  static Version version(dev.banyan.store.Version version) {
    return new Version(version.toString());
  }

  static Revision revision(dev.banyan.store.Revision revision) {
    return new Revision(
        revision.key(),
        version(revision.version()),
        revision.version().writer().toString(),
        revision.value().map(Conversions::value));
  }

  static Value value(Bytes bytes) {
    return Value.of(bytes.shared());
  }

  /// @return the version that must be the newest; empty: the key must be absent
  /// @throws BadRequestException when it can be no version of this store's
  static Optional<dev.banyan.store.Version> expected(Condition condition) {
    return switch (condition) {
      case Condition.IfAbsent _ -> Optional.empty();
      case Condition.IfVersion(Version version) -> {
        try {
          yield Optional.of(dev.banyan.store.Version.parse(version.text()));
        } catch (IllegalArgumentException e) {
          throw new BadRequestException(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  static BanyanException refusal(StoreOutcome.Refused refused) {
    return switch (refused.kind()) {
      case INVALID -> new BadRequestException(refused.reason());
      case FULL -> new StoreFullException(refused.reason());
      case STOPPING ->
          new UnavailableException(List.of(PendingCalls.attempt(Why.BUSY, refused.reason())));
    };
  }

  /// On whose word there is no key.
  static Assurance assurance(Grounds grounds) {
    return switch (grounds) {
      case Grounds.Trusted _ -> new Assurance(Assurance.Kind.TRUSTED, Optional.empty());
      case Grounds.Provisional _ -> new Assurance(Assurance.Kind.PROVISIONAL, Optional.empty());
      case Grounds.Deleted _ -> new Assurance(Assurance.Kind.DELETED, Optional.empty());
      case Grounds.Confirmed(long since) ->
          new Assurance(Assurance.Kind.CONFIRMED, Optional.of(Instant.ofEpochMilli(since)));
    };
  }
}
