package dev.banyan.cli;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a watch has shown already, so that one that begins anew after its connection broke shows only what has changed.
final class ShownRevisions {

  /// The keys that are remembered, those shown last.
  private static final int MOST_KEYS = 100_000;

  private final Map<String, String> versions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_KEYS;
        }
      };

  /// Since the watch began anew: keys that were there before and that nothing was heard of yet.
  private final Set<String> unheard = new LinkedHashSet<>();

  /// @return false when this very revision was shown before
  boolean isNew(String key, String version) {
    unheard.remove(key);
    return !version.equals(versions.put(key, version));
  }

  /// The key is gone: should it come back, that is new.
  void deleted(String key) {
    unheard.remove(key);
    versions.remove(key);
  }

  /// The watch begins anew.
  void restart() {
    unheard.clear();
    unheard.addAll(versions.keySet());
  }

  /// All that is there has been told: these are not any more.
  List<String> takeUnheard() {
    List<String> keys = List.copyOf(unheard);
    unheard.clear();
    return keys;
  }
}
