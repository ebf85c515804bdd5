package dev.banyan.protocol.turn;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Timer;
import java.util.random.RandomGenerator;

/// What every part of a node shares while it handles one event: the time, where effects go, the timers it awaits.
public final class Turn {

  private final long[] awaited = new long[TreeTimer.values().length];
  private final RandomGenerator random;
  private final AgreedClock clock;
  private final Horizon horizon;
  private final long seed;
  private long nowNanos;
  private Effects effects = new Effects();
  private long generations;

  public Turn(RandomGenerator random, AgreedClock clock) {
    this.random = random;
    this.clock = clock;
    this.horizon = new Horizon(clock);
    this.seed = random.nextLong();
  }

  /// What the node's hash tables mix in, so that nobody outside can choose tags that collide.
  public long seed() {
    return seed;
  }

  public void begin(long now, Effects into) {
    nowNanos = now;
    effects = into;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /// What the tree takes for the time of day.
  public AgreedClock clock() {
    return clock;
  }

  /// The parent says what time it is; the layer above is told.
  ///
  /// @return whether that was news: who is below should hear of it at once
  public boolean heardTime(long saidMillis) {
    long correctedMillis = clock.correctedMillis();
    boolean news = clock.heard(saidMillis, nowNanos);
    if (clock.hears(saidMillis)) {
      tellTime(clock.correctedMillis() - correctedMillis);
    }
    return news;
  }

  /// A child says what time it knows; the layer above is told if that is followed here.
  ///
  /// @return whether it is later than ours: the parent should hear of it at once, or, at the root, the children
  public boolean heardTimeFromBelow(long saidMillis, boolean root) {
    boolean news = clock.heardFromBelow(saidMillis, nowNanos);
    if (news && root) {
      tellTime(0);
    }
    return news;
  }

  private void tellTime(long backMillis) {
    effects.add(new Effect.TreeTime(clock.millisAt(nowNanos), backMillis));
  }

  /// Somebody says up to when deletions are forgotten; the layer above is told if that is later than what was known.
  public void heardForgotten(long saidMillis) {
    long before = horizon.millis();
    horizon.heard(saidMillis, nowNanos);
    if (horizon.millis() != before) {
      effects.add(new Effect.Forgotten(horizon.millis()));
    }
  }

  /// Up to when deletions are forgotten.
  public Horizon horizon() {
    return horizon;
  }

  public Effects effects() {
    return effects;
  }

  public void send(LinkId link, Message message) {
    effects.send(link, message);
  }

  public void report(Effect.Report.Kind kind, NodeId other, String detail, long number) {
    effects.report(kind, other, detail, number);
  }

  /// Awaits the timer anew: one of the same kind that is under way becomes stale.
  public void arm(TreeTimer kind, long delayNanos) {
    awaited[kind.ordinal()] = ++generations;
    effects.setTimer(new Timer(kind, generations), nowNanos + delayNanos);
  }

  public void armUnlessArmed(TreeTimer kind, long delayNanos) {
    if (awaited[kind.ordinal()] == 0) {
      arm(kind, delayNanos);
    }
  }

  public void disarm(TreeTimer kind) {
    awaited[kind.ordinal()] = 0;
  }

  /// Whether the timer that fired is still awaited; it is not any more afterwards.
  public boolean accept(Timer timer) {
    if (timer.kind() instanceof TreeTimer kind && awaited[kind.ordinal()] == timer.generation()) {
      awaited[kind.ordinal()] = 0;
      return true;
    }
    return false;
  }

  /// A random time in [0, below).
  public long jitterNanos(long below) {
    return below <= 0 ? 0 : random.nextLong(below);
  }

  /// The wait, between half of it and one and a half.
  public long spreadNanos(long waitNanos) {
    return waitNanos / 2 + jitterNanos(waitNanos + 1);
  }

  public int pick(int bound) {
    return random.nextInt(bound);
  }
}
