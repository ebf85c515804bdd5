package dev.banyan.lab.underlay;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The shortest ways from one router to all others.
final class Ways {

  private final int[] micros;

  /// The last line on the way to each router; none to the one where all ways begin.
  private final Internet.@Nullable Line[] last;

  Ways(int[] micros, Internet.@Nullable Line[] last) {
    this.micros = micros;
    this.last = last;
  }

  int latencyMicros(int router) {
    return micros[router];
  }

  /// Names the lines on the way to a router, from its end.
  void walk(int router, IntConsumer line) {
    int at = router;
    for (Internet.Line next = last[at]; next != null; next = last[at]) {
      line.accept(next.number());
      at = next.across(at);
    }
  }
}
