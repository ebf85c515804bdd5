package dev.banyan.client;

import java.util.Optional;

/// What a read found: an entry, or that there is no such key, and on whose word.
///
/// @param absence empty if there is an entry
public record Lookup(Optional<Entry> entry, Optional<Assurance> absence) {

  public Lookup {
    if (entry.isPresent() == absence.isPresent()) {
      throw new IllegalArgumentException("a key is there or absent");
    }
  }

  public static Lookup found(Entry entry) {
    return new Lookup(Optional.of(entry), Optional.empty());
  }

  public static Lookup absent(Assurance absence) {
    return new Lookup(Optional.empty(), Optional.of(absence));
  }
}
