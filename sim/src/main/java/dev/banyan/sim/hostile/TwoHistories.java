package dev.banyan.sim.hostile;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.List;

/// A router that tells two subtrees two histories: of each batch that comes to it one half of its neighbours gets that, and the other half an older one in its
/// place, so that each half hears of things of which the other does not.
public final class TwoHistories implements Liar.Lie {

  private static final int REMEMBERED = 64;

  private final Mood mood;
  private final List<Record> older = new ArrayList<>();

  public TwoHistories(Mood mood) {
    this.mood = mood;
  }

  @Override
  public boolean withholds() {
    return true;
  }

  @Override
  public boolean tells(Event event, long nowNanos, Effects effects) {
    return false;
  }

  @Override
  public void tell(Effect meant, long nowNanos, Effects effects) {
    if (!(meant instanceof Effect.Forward(LinkId[] links, Multicast multicast)) || !mood.lies(1)) {
      effects.add(meant);
      return;
    }
    int side = mood.random().nextInt(2);
    List<Record> other = other(multicast.records());
    for (LinkId link : links) {
      List<Record> said = side(link) == side ? multicast.records() : other;
      effects.add(
          new Effect.Forward(new LinkId[] {link}, new Multicast.Plain(multicast.hops(), said)));
    }
    older.addAll(multicast.records());
    while (older.size() > REMEMBERED) {
      older.removeFirst();
    }
  }

  private static int side(LinkId link) {
    return Math.floorMod(link.hashCode(), 2);
  }

  private List<Record> other(List<Record> records) {
    return older.isEmpty()
        ? records
        : records.stream().map(_ -> older.get(mood.random().nextInt(older.size()))).toList();
  }
}
