package dev.banyan.store.resync;

import dev.banyan.protocol.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/// Because of whom replies wait: each asker's take turns among themselves, at its share of the [ReplyPace], so that one who asks
/// for everything does not hold up another who asks for one key. Nobody proves who it is: who asks under many names
/// gets many shares, and no more than the pace in all.
final class Askers {

  /// Remembered; the one longest unheard is forgotten first, and begins anew.
  private static final int MOST = 256;

  private final ReplyPace pace;
  private final int mostWaiting;
  private final Map<NodeId, Asker> byId =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Asker> eldest) {
          return size() > MOST;
        }
      };

  /// One of them, and what waits because of it.
  static final class Asker {
    private int waiting;
    private long freeNanos;

    void isServed() {
      waiting--;
    }
  }

  /// @param mostWaiting replies that may wait because of one
  Askers(ReplyPace pace, int mostWaiting) {
    this.pace = pace;
    this.mostWaiting = mostWaiting;
  }

  Asker of(NodeId id) {
    return byId.computeIfAbsent(id, _ -> new Asker());
  }

  boolean mayWait(Asker asker) {
    return asker.waiting < mostWaiting;
  }

  /// How long those take that wait already.
  long beforeNanos(Asker asker, long nowNanos) {
    return Math.max(0, asker.freeNanos - nowNanos);
  }

  /// Another waits behind them from now on.
  void waits(Asker asker, long bytes, long nowNanos) {
    asker.waiting++;
    asker.freeNanos = nowNanos + beforeNanos(asker, nowNanos) + pace.shareNanos(bytes);
  }
}
