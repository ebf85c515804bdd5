package dev.banyan.store.sealing;

import dev.banyan.protocol.Bytes;
import java.util.LinkedHashSet;
import java.util.Set;

/// Hashes that are known again, of a bounded number of things: what a member says may be long, and it may say much.
final class Recent {

  private final int most;
  private final Set<Bytes> hashes = new LinkedHashSet<>();

  /// @param most beyond that the oldest is forgotten
  Recent(int most) {
    this.most = most;
  }

  boolean has(Bytes hash) {
    return hashes.contains(hash);
  }

  /// @return whether it is new
  boolean add(Bytes hash) {
    boolean added = hashes.add(hash);
    if (hashes.size() > most) {
      hashes.remove(hashes.iterator().next());
    }
    return added;
  }
}
