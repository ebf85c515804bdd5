package dev.banyan.store.resync;

import dev.banyan.store.holdings.Entry;
import dev.banyan.store.write.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/// What was asked for in questions that could not be read: who asked has been told that nobody holds it, perhaps.
final class UnreadQuestions {

  /// Tags that are remembered; of more, everything may be meant. A guess.
  private static final int MOST = 4_096;

  private final Names names;
  private final TreeSet<Long> tags = new TreeSet<>();

  UnreadQuestions(Names names) {
    this.names = names;
  }

  void add(long tag) {
    if (tags.size() <= MOST) {
      tags.add(tag);
    }
  }

  boolean isEmpty() {
    return tags.isEmpty();
  }

  /// Whether an entry was asked for, by its key or by a prefix of it. From now on nothing is remembered.
  Predicate<Entry> take() {
    TreeSet<Long> asked = new TreeSet<>(tags);
    tags.clear();
    Map<String, Boolean> prefixes = new LinkedHashMap<>();
    return entry ->
        asked.size() > MOST
            || LongStream.of(entry.tags).anyMatch(asked::contains)
            || names.declaredPrefixes(entry.key).stream()
                .anyMatch(prefix ->
                    prefixes.computeIfAbsent(
                        prefix, each -> asked.contains(names.presenceTag(each))));
  }
}
