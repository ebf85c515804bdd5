package dev.banyan.sim.hostile;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A router that passes on later what it should pass on now, to each neighbour at another time and in another order: a moment later, so that
/// order is lost within links and across them, or minutes later, when all has changed.
public final class HoldingBack implements Liar.Lie {

  /// What it holds at one time: it has not more memory than others.
  private static final int MOST = 2_000;

  private final Mood mood;
  private final long mostNanos;
  private final int oneIn;
  private final List<Held> held = new ArrayList<>();

  private record Held(long untilNanos, Effect effect) {}

  private HoldingBack(Mood mood, Duration most, int oneIn) {
    this.mood = mood;
    this.mostNanos = most.toNanos();
    this.oneIn = oneIn;
  }

  /// Half of everything, for a fraction of a second.
  public static HoldingBack reordering(Mood mood) {
    return new HoldingBack(mood, Duration.ofMillis(400), 2);
  }

  /// One in five, for up to three minutes.
  public static HoldingBack forMinutes(Mood mood) {
    return new HoldingBack(mood, Duration.ofMinutes(3), 5);
  }

  @Override
  public boolean withholds() {
    return true;
  }

  @Override
  public boolean tells(Event event, long nowNanos, Effects effects) {
    Iterator<Held> all = held.iterator();
    while (all.hasNext()) {
      Held each = all.next();
      if (each.untilNanos() <= nowNanos || !mood.isLying()) {
        effects.add(each.effect());
        all.remove();
      }
    }
    return false;
  }

  @Override
  public void tell(Effect meant, long nowNanos, Effects effects) {
    switch (meant) {
      case Effect.Forward(LinkId[] links, Multicast multicast) -> {
        Multicast kept = new Multicast.Plain(multicast.hops(), multicast.records());
        for (LinkId link : links) {
          later(new Effect.Forward(new LinkId[] {link}, kept), nowNanos, effects);
        }
      }
      case Effect.Send(var _, Message message) when Withholding.isCarried(message) ->
          later(meant, nowNanos, effects);
      default -> effects.add(meant);
    }
  }

  private void later(Effect effect, long nowNanos, Effects effects) {
    if (held.size() < MOST && mood.lies(oneIn)) {
      held.add(new Held(nowNanos + mood.random().nextLong(1 + mostNanos), effect));
    } else {
      effects.add(effect);
    }
  }
}
