package dev.banyan.store.watching;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/// When a walk came past each key, counted by changes of all keys: what has changed since then its reader has not been
/// told. A walk that pauses is at one place while keys change, so it is remembered by stretches between pauses; of very
/// many the older ones are joined, and count from the earlier of the two: what is told twice does no harm, what is
/// not told at all does.
final class Passed {

  /// Stretches remembered for one watch; a guess, some kilobytes.
  private static final int MOST = 64;

  /// By the last key of each stretch.
  private final TreeMap<String, Long> stretches = new TreeMap<>();

  /// The walk pauses behind that key.
  ///
  /// @param changes the latest change before it came past the last few keys
  void until(String key, long changes) {
    Map.Entry<String, Long> last = stretches.lastEntry();
    if (last != null && last.getValue() == changes) {
      stretches.remove(last.getKey());
    }
    stretches.put(key, changes);
    if (stretches.size() > MOST) {
      joinPairs();
    }
  }

  private void joinPairs() {
    String end = stretches.lastKey();
    Iterator<Map.Entry<String, Long>> each = stretches.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, Long> first = each.next();
      if (!first.getKey().equals(end)) {
        long earlier = first.getValue();
        each.remove();
        each.next().setValue(earlier);
      }
    }
  }

  /// The latest change before it came past that key, if it was before one of its pauses.
  ///
  /// @param otherwise what it is for the others
  long at(String key, long otherwise) {
    Map.Entry<String, Long> stretch = stretches.ceilingEntry(key);
    return stretch == null ? otherwise : stretch.getValue();
  }
}
