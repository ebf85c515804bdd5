package dev.banyan.lab.underlay;

import java.util.Arrays;

/// Counts the copies of one multicast on each line, both directions together.
final class LineCopies {

  private final Underlay underlay;
  private final int[] copies;

  LineCopies(Underlay underlay) {
    this.underlay = underlay;
    this.copies = new int[underlay.lines()];
  }

  /// A host sends a copy to another.
  void send(int from, int to) {
    underlay.walk(from, to, line -> copies[line]++);
  }

  /// The same as [#send] for a network that multicasts by itself: a line that has a copy needs no other.
  void reach(int from, int to) {
    underlay.walk(from, to, line -> copies[line] = 1);
  }

  /// Lines that have a copy.
  int used() {
    int used = 0;
    for (int count : copies) {
      used += count > 0 ? 1 : 0;
    }
    return used;
  }

  int sum() {
    return Arrays.stream(copies).sum();
  }

  int most() {
    return Arrays.stream(copies).max().orElse(0);
  }

  /// What is under way on the lines, in microseconds: each copy for as long as the line's latency.
  long resourceMicros() {
    long sum = 0;
    for (int line = 0; line < copies.length; line++) {
      sum += (long) copies[line] * underlay.lineMicros(line);
    }
    return sum;
  }
}
