package dev.banyan.store.machine;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Timer;
import dev.banyan.store.StoreOutcome;
import java.util.function.Consumer;

/// Where the parts of a store leave what follows from an event: effects for the outside, and events for the node,
/// which are handed over in order, after the event that is at hand.
public final class StoreTurn {

  private final Consumer<? super Event.Local> toTree;
  private Effects effects = new Effects();
  private long nowNanos;

  /// @param toTree takes what is for the node, and does no more with it for now
  public StoreTurn(Consumer<? super Event.Local> toTree) {
    this.toTree = toTree;
  }

  public void begin(long now, Effects into) {
    nowNanos = now;
    effects = into;
  }

  public long nowNanos() {
    return nowNanos;
  }

  public void toTree(Event.Local event) {
    toTree.accept(event);
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
