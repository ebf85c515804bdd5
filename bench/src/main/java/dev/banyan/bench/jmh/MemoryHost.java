package dev.banyan.bench.jmh;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Timer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Drives machines in one thread's memory. Links are perfect: messages are handed over as objects, at once and in order,
/// so that little but the machines is measured. Time passes when told.
final class MemoryHost {

  private record Due(long atNanos, long order, Member member, Timer timer) {}

  /// One end of a link. It is in its owner's table until the owner has closed it, or was told that it is closed.
  private static final class End {
    private final Member owner;
    private final LinkId link;

    /// None while nobody listens where this end dials.
    private @Nullable End other;

    /// The other end died: what it sent before is lost.
    private boolean cut;

    End(Member owner, LinkId link) {
      this.owner = owner;
      this.link = link;
    }

    boolean isOpen() {
      return owner.ends.get(link) == this;
    }
  }

  /// One machine that runs.
  final class Member {
    private final Address address;
    private final Machine machine;
    private final Map<LinkId, End> ends = new LinkedHashMap<>();
    private long accepted;
    private boolean ended;

    private Member(Address address, Machine machine) {
      this.address = address;
      this.machine = machine;
    }

    Address address() {
      return address;
    }

    /// Has the machine handle this, and all that follows from it at once.
    void give(Event event) {
      pending.add(() -> handle(this, event));
      settle();
    }

    /// Ends the machine in good order.
    void stop() {
      give(new Event.Stop());
      end();
      List.copyOf(ends.keySet()).forEach(link -> close(this, link));
      settle();
    }

    /// Ends the machine as when its process dies.
    void kill() {
      end();
      ends.values().forEach(this::cut);
      ends.clear();
      settle();
    }

    private void end() {
      ended = true;
      listeners.remove(address, this);
    }

    private void cut(End end) {
      End other = end.other;
      if (other != null) {
        other.cut = true;
        pending.add(() -> tellClosed(other, "the other end is gone"));
      }
    }

    /// The link to the only neighbour, by the neighbour's name for it.
    LinkId onlyLinkAtItsOtherEnd() {
      End end = ends.values().iterator().next();
      if (ends.size() > 1 || end.other == null) {
        throw new IllegalStateException("not one neighbour");
      }
      return end.other.link;
    }
  }

  private final Map<Address, Member> listeners = new LinkedHashMap<>();
  private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order));
  private final Effects effects = new Effects();
  private boolean settling;
  private long order;
  private long nowNanos = 1;

  /// @param address where others dial it; [Address#NONE] where nobody does
  Member start(Address address, Machine machine) {
    Member member = new Member(address, machine);
    if (!address.equals(Address.NONE)) {
      listeners.put(address, member);
    }
    member.give(new Event.Start());
    return member;
  }

  long nowNanos() {
    return nowNanos;
  }

  /// Lets time pass: each timer that is due fires at its time.
  void pass(long nanos) {
    long end = nowNanos + nanos;
    for (@Nullable Due due = timers.peek();
        due != null && due.atNanos <= end;
        due = timers.peek()) {
      timers.remove();
      nowNanos = Math.max(nowNanos, due.atNanos);
      due.member.give(new Event.TimerFired(due.timer));
    }
    nowNanos = end;
  }

  private void settle() {
    if (settling) {
      return;
    }
    settling = true;
    for (@Nullable Runnable next = pending.poll(); next != null; next = pending.poll()) {
      next.run();
    }
    settling = false;
  }

  private void handle(Member member, Event event) {
    if (member.ended) {
      return;
    }
    effects.clear();
    member.machine.handle(event, nowNanos, effects);
    for (int i = 0; i < effects.size(); i++) {
      carryOut(member, effects.get(i));
    }
    effects.clear();
  }

  private void carryOut(Member member, Effect effect) {
    switch (effect) {
      case Effect.Send send -> send(member, send.link(), send.message());
      case Effect.Forward forward -> {
        Multicast came = forward.multicast();
        Multicast goes = new Multicast.Plain(came.hops() + 1, came.records());
        for (LinkId link : forward.links()) {
          send(member, link, goes);
        }
      }
      case Effect.OpenLink open -> dial(new End(member, open.link()), open.address());
      case Effect.CloseLink close -> close(member, close.link());
      case Effect.SetTimer set -> timers.add(new Due(set.atNanos(), order++, member, set.timer()));
      case Effect.Admit _, Effect.Upcall _, Effect.Outcome _, Effect.Report _ -> {}
    }
  }

  private void send(Member from, LinkId link, Message message) {
    End end = from.ends.get(link);
    End other = end == null ? null : end.other;
    if (other != null) {
      pending.add(() -> {
        if (other.isOpen() && !other.cut) {
          handle(other.owner, new Event.Received(other.link, message));
        }
      });
    }
  }

  private void dial(End near, Address address) {
    near.owner.ends.put(near.link, near);
    Member listener = listeners.get(address);
    if (listener == null) {
      pending.add(() -> tellClosed(near, "nobody listens at " + address));
      return;
    }
    End far = new End(listener, new LinkId(--listener.accepted));
    listener.ends.put(far.link, far);
    far.other = near;
    near.other = far;
    pending.add(() -> tellOpened(far));
    pending.add(() -> tellOpened(near));
  }

  private void tellOpened(End end) {
    if (end.isOpen()) {
      handle(end.owner, new Event.LinkOpened(end.link));
    }
  }

  /// The owner hears no more of it; the other end is told when all has arrived that was sent before.
  private void close(Member member, LinkId link) {
    End end = member.ends.remove(link);
    End other = end == null ? null : end.other;
    if (other != null) {
      pending.add(() -> tellClosed(other, "the other end has closed it"));
    }
  }

  private void tellClosed(End end, String cause) {
    if (end.owner.ends.remove(end.link, end)) {
      handle(end.owner, new Event.LinkClosed(end.link, cause));
    }
  }
}
