package dev.banyan.protocol.balance;

import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which tags cross a client's link most often, in a fixed space: the Space-Saving algorithm (Metwally, Agrawal and El
/// Abbadi, 2005), with counts that fade. Of frequent tags none is missed; the count of a rare one may be too high.
///
/// Where much passes only a part of it is looked at, at random, so that counting costs nothing to speak of.
final class TagCounts {

  /// Tags counted at a time; several times as many as are told.
  private static final int SPACE = 64;

  /// Multicasts of an interval that are all looked at; of more, a part. A guess: a thousand tell what matters.
  private static final int LOOKED_AT = 1_024;

  private final Turn turn;
  private long[] tags = {};
  private double[] counts = {};
  private int size;
  private long passed;
  private int every = 1;
  private int skip;

  /// A tag and how many multicasts had it.
  record Count(long tag, double times) {}

  TagCounts(Turn turn) {
    this.turn = turn;
  }

  void count(Multicast multicast) {
    passed++;
    if (skip > 0) {
      skip--;
      return;
    }
    skip = every == 1 ? 0 : turn.pick(2 * every - 1);
    for (int record = 0; record < multicast.recordCount(); record++) {
      for (int i = 0; i < multicast.tagCount(record); i++) {
        long tag = multicast.tag(record, i);
        if (!Tags.isInbox(tag)) {
          add(tag);
        }
      }
    }
  }

  private void add(long tag) {
    int least = 0;
    for (int i = 0; i < size; i++) {
      if (tags[i] == tag) {
        counts[i] += every;
        return;
      }
      least = counts[i] < counts[least] ? i : least;
    }
    if (size < SPACE) {
      if (size == tags.length) {
        tags = Arrays.copyOf(tags, Math.max(8, 2 * size));
        counts = Arrays.copyOf(counts, tags.length);
      }
      tags[size] = tag;
      counts[size++] = every;
    } else {
      tags[least] = tag;
      counts[least] += every;
    }
  }

  /// An interval is over: what was counted weighs half from now on, and what is left of less than one is forgotten.
  void fade() {
    every = (int) Math.min(1 + passed / LOOKED_AT, 1 << 20);
    passed = 0;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] >= 2) {
        tags[kept] = tags[i];
        counts[kept++] = counts[i] / 2;
      }
    }
    size = kept;
  }

  /// The most frequent ones, the most frequent first.
  List<Count> most(int limit) {
    List<Count> all = new ArrayList<>();
    IntStream.range(0, size).forEach(i -> all.add(new Count(tags[i], counts[i])));
    all.sort(Comparator.comparingDouble(Count::times).reversed().thenComparingLong(Count::tag));
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }
}
