package dev.banyan.store.machine;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Timer;
import dev.banyan.store.StoreOutcome;
import java.util.ArrayDeque;

/// Where the parts of a store leave what follows from an event: effects for the outside, and events for the node,
/// which the worker hands over in order once the part is done.
public final class StoreTurn {

  private final ArrayDeque<Event> toTree = new ArrayDeque<>();
  private Effects effects = new Effects();
  private long nowNanos;

  public void begin(long now, Effects into) {
    nowNanos = now;
    effects = into;
  }

  public long nowNanos() {
    return nowNanos;
  }

  public void toTree(Event event) {
    toTree.add(event);
  }

  public ArrayDeque<Event> toTree() {
    return toTree;
  }

  public void outcome(StoreOutcome outcome) {
    effects.add(outcome);
  }

  public void pass(Effect effect) {
    effects.add(effect);
  }

  void timer(StoreTimer kind, long generation, long atNanos) {
    effects.add(new Effect.SetTimer(new Timer(kind, generation), atNanos));
  }
}
