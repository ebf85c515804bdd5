package dev.banyan.store.sealing;

import dev.banyan.capsule.Crypto;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Batches of which records were let go. One of which nothing is held any more goes at once, at no cost; to cut one down to a part, what is
/// left out must be hashed. That waits: what is written again and again soon lets go of the rest, too.
final class Loosened {

  /// So much may wait; a guess: some hundred batches.
  private static final long MOST_BYTES = 1 << 20;

  private final List<Source> lately = new ArrayList<>();

  /// The longest waiting first.
  private final Set<Source> waiting = new LinkedHashSet<>();

  private long waitingBytes;

  void add(Source source) {
    lately.add(source);
  }

  /// Cuts down what has to be.
  void cutDown(Crypto crypto) {
    for (Source source : lately) {
      source.looked();
      int bytes = source.batch().bytes().length;
      if (source.isHeld()) {
        if (source.isMostlyLoose() && waiting.add(source)) {
          waitingBytes += bytes;
        }
      } else {
        if (waiting.remove(source)) {
          waitingBytes -= bytes;
        }
        source.cutDown(crypto);
      }
    }
    lately.clear();
    Iterator<Source> oldest = waiting.iterator();
    while (waitingBytes > MOST_BYTES) {
      Source source = oldest.next();
      oldest.remove();
      waitingBytes -= source.batch().bytes().length;
      source.cutDown(crypto);
    }
  }
}
