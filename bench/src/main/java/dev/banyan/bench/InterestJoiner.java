package dev.banyan.bench;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.wire.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// A client that wants many tags before it joins, and what becomes of it: when it dialed, what it said of its interest,
/// when updates came. Belongs to its loop, but for what is volatile.
final class InterestJoiner implements Machine {

  private final TreeNode tree;
  private final long[] tags;

  /// When the update with this sequence number came first; 0 while it has not.
  private final AtomicLongArray arrivals;

  private final List<Message.Interest> said = new ArrayList<>();
  private volatile long dialedNanos;
  private volatile long attachedNanos;

  /// @param updates how many updates, told apart by their sequence numbers, are waited for
  InterestJoiner(TreeNode tree, long[] tags, int updates) {
    this.tree = tree;
    this.tags = tags;
    this.arrivals = new AtomicLongArray(updates);
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    int before = effects.size();
    if (event instanceof Event.Start) {
      tree.handle(new Event.ChangeInterest(tags, new long[0]), nowNanos, effects);
    }
    tree.handle(event, nowNanos, effects);
    for (int i = before; i < effects.size(); i++) {
      see(effects.get(i));
    }
  }

  private void see(Effect effect) {
    switch (effect) {
      case Effect.OpenLink open -> {
        if (dialedNanos == 0) {
          dialedNanos = System.nanoTime();
        }
      }
      case Effect.Connected connected -> {
        if (attachedNanos == 0 && connected.connected()) {
          attachedNanos = System.nanoTime();
        }
      }
      case Effect.Send send -> {
        if (send.message() instanceof Message.Interest interest) {
          said.add(interest);
        }
      }
      case Effect.Deliver deliver ->
          deliver
              .multicast()
              .records()
              .forEach(record ->
                  arrivals.compareAndSet((int) record.sequence() - 1, 0, System.nanoTime()));
      default -> {}
    }
  }

  /// When it first dialed the root, on the clock of [System#nanoTime]; 0 while it has not.
  long dialedNanos() {
    return dialedNanos;
  }

  /// When it first had a parent; 0 while it has not.
  long attachedNanos() {
    return attachedNanos;
  }

  /// When this update came first; 0 while it has not.
  long arrivedNanos(int update) {
    return arrivals.get(update);
  }

  /// When the last of these updates came; 0 while one has not.
  long allArrivedNanos(int from, int to) {
    long latest = 0;
    for (int i = from; i < to; i++) {
      if (arrivals.get(i) == 0) {
        return 0;
      }
      latest = latest == 0 || arrivals.get(i) - latest > 0 ? arrivals.get(i) : latest;
    }
    return latest;
  }

  /// Bytes of the frames in which it has told its interest since this was asked last. On its loop.
  long takeInterestBytes() {
    Codec codec = new Codec();
    long bytes = said.stream().mapToLong(message -> codec.encode(message).length).sum();
    said.clear();
    return bytes;
  }
}
