package dev.banyan.store;

import dev.banyan.protocol.Bytes;
import java.util.Optional;

/// What one write made of a key.
///
/// @param value empty when the write deleted the key (a tombstone)
public record Revision(String key, Version version, Optional<Bytes> value) {

  public boolean deleted() {
    return value.isEmpty();
  }
}
