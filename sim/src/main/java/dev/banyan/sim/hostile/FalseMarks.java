package dev.banyan.sim.hostile;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import java.util.random.RandomGenerator;

/// A router whose heartbeats are false: what it holds of a neighbour's interest, whether it has a root, how many it speaks for, what time
/// it is, what was forgotten. And it says that something was dropped when nothing was.
public final class FalseMarks implements Liar.Lie {

  private static final long CLOCK_MILLIS = 1_000;

  private final Mood mood;

  public FalseMarks(Mood mood) {
    this.mood = mood;
  }

  @Override
  public boolean tells(Event event, long nowNanos, Effects effects) {
    return false;
  }

  @Override
  public void tell(Effect meant, long nowNanos, Effects effects) {
    if (meant instanceof Effect.Send(var link, Message.Heartbeat beat) && mood.lies(4)) {
      effects.add(new Effect.Send(link, falsified(beat)));
      if (mood.random().nextInt(4) == 0) {
        long[] tags = mood.random().nextBoolean() ? new long[0] : new long[] {1, 2, 3};
        effects.add(new Effect.Send(link, new Message.Gap(1, tags)));
      }
    } else {
      effects.add(meant);
    }
  }

  private Message.Heartbeat falsified(Message.Heartbeat beat) {
    RandomGenerator random = mood.random();
    int lie = random.nextInt(5);
    return new Message.Heartbeat(
        (lie == 0) != beat.rooted(),
        beat.rootTerm(),
        beat.interestVersion(),
        lie == 1 ? random.nextLong() : beat.interestHash(),
        lie == 2 ? random.nextLong() >>> 20 : beat.unwanted(),
        beat.group(),
        switch (beat.side()) {
          case Message.Heartbeat.FromChild side when lie == 3 ->
              new Message.Heartbeat.FromChild(
                  random.nextInt(1_000),
                  random.nextInt(1_000),
                  random.nextInt(1_000),
                  random.nextInt(1_000),
                  random.nextInt(1_000),
                  random.nextInt(1_000),
                  side.joinsSeen(),
                  random.nextInt(1_000),
                  side.tasksSeen(),
                  near(side.clockMillis()),
                  side.forgottenMillis());
          case Message.Heartbeat.FromParent side when lie == 3 ->
              new Message.Heartbeat.FromParent(
                  side.path(),
                  side.aim(),
                  side.asksUsage(),
                  side.reassigning(),
                  side.dialable(),
                  side.limits(),
                  near(side.clockMillis()),
                  side.forgottenMillis());
          case Message.Heartbeat.Side side -> side;
        });
  }

  private long near(long clockMillis) {
    return clockMillis == 0 ? 0 : clockMillis + mood.random().nextLong(-CLOCK_MILLIS, CLOCK_MILLIS);
  }
}
