package dev.banyan.store.worker;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.replica.Replica;
import dev.banyan.store.resync.Repair;
import dev.banyan.store.write.Write;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What a store does when the group's keys change: it lets go what does not count any more, and asks for what it could not read so far.
final class Rotation implements Sealing.Refusals {

  private final Sealing sealing;
  private final Counters counters;
  private final StoreTurn turn;

  /// Told of what may be believed later: knows what is wanted here.
  private final Later later;

  private boolean unread;

  /// Takes the tags of what came in and was not believed yet.
  @FunctionalInterface
  interface Later {
    void later(long[] tags, boolean missed);
  }

  Rotation(Sealing sealing, Counters counters, StoreTurn turn, Later later) {
    this.sealing = sealing;
    this.counters = counters;
    this.turn = turn;
    this.later = later;
  }

  void learn(StoreCommand.Learn command, Replica replica, Repair repair) {
    try {
      sealing.learn(command.release());
    } catch (CapsuleException e) {
      counters.count(Counters.Count.REFUSED);
      turn.outcome(new StoreOutcome.Refused(command.request(), String.valueOf(e.getMessage())));
      return;
    }
    boolean someLeft =
        command.release().activations().stream().anyMatch(each -> !each.closes().isEmpty());
    List<Entry> dropped = someLeft ? replica.dropUncounted() : List.of();
    repair.keysLearned(dropped);
    turn.outcome(new StoreOutcome.Learned(command.request(), sealing.epochs(), dropped.size()));
  }

  /// What is remembered of older writes counts too: it comes back when a newer one goes.
  void heads(StoreCommand.Heads command, Holdings holdings, Shelf shelf) {
    Map<Named, Held> held = new LinkedHashMap<>();
    Consumer<Write> look =
        write -> {
          if (command.writers().contains(write.record.writer())) {
            sealing
                .head(write.record)
                .ifPresent(head ->
                    held.computeIfAbsent(new Named(head.writer(), head.session()), _ -> new Held())
                        .take(head.number()));
          }
        };
    holdings.entries().forEach(entry -> entry.forEachWrite(look));
    shelf.entries().forEach(entry -> entry.forEachWrite(look));
    List<Sealing.Head> heads =
        held.entrySet().stream()
            .sorted(Comparator.comparingInt(each -> -each.getValue().records))
            .map(each ->
                new Sealing.Head(
                    each.getKey().writer(), each.getKey().session(), each.getValue().number))
            .toList();
    turn.outcome(new StoreOutcome.Heads(command.request(), heads));
  }

  private record Named(NodeId writer, Session session) {}

  private static final class Held {
    private long number;
    private int records;

    void take(long of) {
      number = Math.max(number, of);
      records++;
    }
  }

  @Override
  public void refused(Sealing.Reason reason, String why) {
    counters.refused(reason);
  }

  @Override
  public void later(long[] tags, boolean missed) {
    unread |= missed;
    later.later(tags, missed);
  }

  @Override
  public void forked(NodeId writer, String how) {
    turn.pass(new Effect.Report(Effect.Report.Kind.SESSION_FORKED, writer, how, 0));
  }

  /// Whether anything could not be read since this was asked last.
  boolean takeUnread() {
    boolean was = unread;
    unread = false;
    return was;
  }
}
