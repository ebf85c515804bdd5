package dev.banyan.node.settings;

import java.util.function.Function;

/// Finds what somebody probably meant.
final class Spelling {

  private Spelling() {}

  /// The name closest to the word, or an empty one when nothing is close.
  static <T> String nearest(String word, T[] candidates, Function<T, String> name) {
    String best = "";
    int bestDistance = Math.max(2, word.length() / 3) + 1;
    for (T candidate : candidates) {
      int distance = distance(word.replace('_', '-'), name.apply(candidate));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name.apply(candidate);
      }
    }
    return best;
  }

  /// Insertions, deletions and substitutions between two words (Levenshtein).
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
