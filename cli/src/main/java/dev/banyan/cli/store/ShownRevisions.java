package dev.banyan.cli.store;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a watch has shown already, so that one that begins anew after its connection broke shows only what has changed.
final class ShownRevisions {

  /// The keys that are remembered, those shown last.
  private static final int MOST_KEYS = 100_000;

  /// @param deleted it says that there is no value
  private record Shown(String version, boolean deleted) {}

  private final Map<String, Shown> last =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Shown> eldest) {
          return size() > MOST_KEYS;
        }
      };

  /// Since the watch began anew: keys that were there before and that nothing was heard of yet.
  private final Set<String> unheard = new LinkedHashSet<>();

  /// @return false when this very revision was shown before
  boolean isNew(String key, String version, boolean deleted) {
    unheard.remove(key);
    Shown shown = new Shown(version, deleted);
    return !shown.equals(last.put(key, shown));
  }

  /// The watch begins anew.
  void restart() {
    unheard.clear();
    last.forEach((key, shown) -> {
      if (!shown.deleted()) {
        unheard.add(key);
      }
    });
  }

  /// All that is there has been told: these are not any more.
  List<String> takeUnheard() {
    List<String> keys = List.copyOf(unheard);
    unheard.clear();
    return keys;
  }
}
