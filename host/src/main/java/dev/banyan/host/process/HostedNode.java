package dev.banyan.host.process;

import dev.banyan.host.seam.SeamMessage;
import dev.banyan.host.seam.SeamOutput;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.tree.TreeNode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker's node whose store is in another process: what it says to that goes out at the seam, and what that says comes in as
/// [Told]. Belongs to the node's loop.
///
/// It never waits for the store. What that does not take in time is treated as on a slow link: multicasts, questions and answers are dropped
/// and, once there is room again, the store is told that it may have missed something.
final class HostedNode implements Machine {

  /// Beyond that no more is added that can be done without.
  static final long FULL_BYTES = 8 << 20;

  private static final long ROOM_BYTES = FULL_BYTES / 4;
  private static final Logger LOG = LoggerFactory.getLogger(HostedNode.class);

  /// The store has said this, in this order.
  ///
  /// @param done called when the node has heard it
  record Told(List<Event.Local> events, Runnable done) implements Event.Command {}

  /// Something may fit again.
  record Look() implements Event.Command {}

  private final TreeNode tree;
  private final SeamOutput out;
  private final Runnable added;
  private final Effects fromTree = new Effects();
  private boolean missed;
  private boolean complained;

  /// @param added called when something was added to what is said
  HostedNode(TreeNode tree, SeamOutput out, Runnable added) {
    this.tree = tree;
    this.out = out;
    this.added = added;
  }

  TreeNode tree() {
    return tree;
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    switch (event) {
      case Told(List<Event.Local> events, Runnable done) -> {
        for (Event.Local local : events) {
          hear(local, nowNanos, effects);
        }
        done.run();
      }
      case Look _ -> {}
      case Event.FromDriver other -> step(other, nowNanos, effects);
      case Event.Local other -> step(other, nowNanos, effects);
      case Event.Command other -> throw new IllegalArgumentException("a host takes no " + other);
    }
    tellMissed();
    added.run();
  }

  /// Whatever the store says, the node goes on: what it cannot deal with is dropped, as in one process.
  private void hear(Event.Local local, long nowNanos, Effects effects) {
    try {
      step(local, nowNanos, effects);
    } catch (RuntimeException e) {
      if (!complained) {
        complained = true;
        LOG.error("the store says what the node cannot deal with; more of it is dropped", e);
      }
    }
  }

  private void step(Event event, long nowNanos, Effects effects) {
    try {
      tree.handle(event, nowNanos, fromTree);
    } finally {
      // What it had decided before it threw is carried out all the same.
      for (int i = 0; i < fromTree.size(); i++) {
        switch (fromTree.get(i)) {
          case Effect.Upcall upcall -> say(upcall, effects, nowNanos);
          case Effect other -> effects.add(other);
        }
      }
      fromTree.clear();
    }
  }

  private void say(Effect.Upcall upcall, Effects effects, long nowNanos) {
    boolean full = out.backlogBytes() > FULL_BYTES;
    switch (upcall) {
      case Effect.Deliver _ when full -> missed = true;
      case Effect.Answered _ when full -> missed = true;
      case Effect.Question(Message.Anycast question) when full ->
          passOn(question, effects, nowNanos);
      default -> out.add(new SeamMessage.Said(upcall));
    }
  }

  /// Others may answer it.
  private void passOn(Message.Anycast question, Effects effects, long nowNanos) {
    Effects said = new Effects();
    tree.handle(
        new Event.Answer(question, Event.Answer.Verdict.GOES_ON, List.of()), nowNanos, said);
    said.stream().filter(effect -> !(effect instanceof Effect.Upcall)).forEach(effects::add);
  }

  private void tellMissed() {
    if (missed && out.backlogBytes() <= ROOM_BYTES) {
      missed = false;
      out.add(new SeamMessage.Said(new Effect.Missed(new long[0], Effect.Missed.Cause.GAP)));
    }
  }
}
