package dev.banyan.sim;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The last events of a run, kept as they are and made into text only when somebody reads them; and a hash over all of
/// them, equal for equal runs.
public final class Trace {

  private record Line(long nowNanos, SimNode node, Event event, Object[] effects) {}

  private final @Nullable Line[] ring;
  private long count;
  private long hash = 1;

  Trace(int lines) {
    ring = new Line[lines];
  }

  void add(long nowNanos, SimNode node, Event event, int fingerprint, List<Effect> effects) {
    mix(nowNanos);
    mix(((long) node.index << 40) ^ ((long) codeOf(event) << 32) ^ (fingerprint & 0xffffffffL));
    mix(effects.size());
    if (ring.length > 0 && !dull(event, effects)) {
      keep(new Line(nowNanos, node, event, effects.toArray()));
    }
  }

  /// Heartbeats and timers of which nothing came but the next ones, and the time: they would push everything else out.
  private static boolean dull(Event event, List<Effect> effects) {
    boolean timer = event instanceof Event.TimerFired;
    if (!timer && !(event instanceof Event.Received(LinkId _, Message.Heartbeat _))) {
      return false;
    }
    for (int i = 0; i < effects.size(); i++) {
      boolean nothing =
          effects.get(i) instanceof Effect.SetTimer
              || effects.get(i) instanceof Effect.TreeTime
              || effects.get(i) instanceof Effect.Send(LinkId _, Message.Heartbeat _);
      if (!nothing) {
        return false;
      }
    }
    return true;
  }

  private void keep(Line line) {
    ring[(int) (count % ring.length)] = line;
    count++;
  }

  /// A fault or an action of the scenario.
  void mark(long nowNanos, SimNode node, String what) {
    mix(nowNanos);
    mix(((long) node.index << 40) ^ what.hashCode());
    if (ring.length > 0) {
      ring[(int) (count % ring.length)] = new Line(nowNanos, node, new Mark(what), new Object[0]);
    }
    count++;
  }

  long hash() {
    return hash;
  }

  String text() {
    return text(node -> true);
  }

  String text(Predicate<SimNode> of) {
    StringBuilder out = new StringBuilder();
    for (long i = Math.max(0, count - ring.length); i < count; i++) {
      Line line = ring[(int) (i % ring.length)];
      if (line != null && of.test(line.node)) {
        append(out, line);
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, Line line) {
    out.append("    ").append(time(line.nowNanos)).append(' ').append(line.node).append("  ");
    out.append(line.event).append('\n');
    for (Object effect : line.effects) {
      out.append("        -> ");
      if (effect instanceof Effect.Forward(LinkId[] links, Multicast multicast)) {
        out.append("Forward[")
            .append(Arrays.toString(links))
            .append(", ")
            .append(multicast)
            .append(']');
      } else {
        out.append(effect);
      }
      out.append('\n');
    }
  }

  public static String time(long nanos) {
    return String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
  }

  private void mix(long value) {
    long z = hash * 0x9E3779B97F4A7C15L + value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    hash = z ^ (z >>> 31);
  }

  /// A line that is no event of the protocol.
  private record Mark(String what) implements Event.Command {
    @Override
    public String toString() {
      return "*** " + what;
    }
  }

  private static int codeOf(Event event) {
    return switch (event) {
      case Event.Start _ -> 1;
      case Event.Stop _ -> 2;
      case Event.LinkOpened opened -> 3 + ((int) opened.link().value() << 4);
      case Event.LinkClosed closed -> 4 + ((int) closed.link().value() << 4);
      case Event.Received received -> 5 + ((int) received.link().value() << 4);
      case Event.TimerFired fired -> 6 + (codeOf(fired.timer()) << 4);
      case Event.LinkCongested congested -> 7 + ((int) congested.link().value() << 4);
      case Event.LinkDrained drained -> 8 + ((int) drained.link().value() << 4);
      case Event.Publish publish -> 9 + (publish.records().size() << 4);
      case Event.ChangeInterest change -> 10 + (change.added().length << 4);
      case Event.Ask ask -> 11 + ((int) ask.id() << 4);
      case Event.Answer _ -> 12;
      case Event.Submit submit -> 13 + ((int) submit.id() << 4);
      case Event.Finish finish -> 17 + ((int) finish.task().id() << 5);
      case Event.ChangeLoad load -> 14 + (load.load() << 4);
      case Event.Forget _ -> 18;
      case Event.WantAll change -> change.all() ? 16 : 0;
      case Event.BytesReceived some -> 18 + ((int) some.link().value() << 5);
      case Event.BytesSent some -> 19 + ((int) some.link().value() << 5);
      case Event.Command _ -> 15;
    };
  }

  private static int codeOf(Timer timer) {
    int kind = timer.kind() instanceof Enum<?> constant ? constant.ordinal() : 0;
    return kind + (int) (timer.generation() << 5);
  }

  static int typeOf(Message message) {
    return switch (message) {
      case Message.Hello _ -> 1;
      case Message.JoinRequest _ -> 2;
      case Message.AssignParent _ -> 3;
      case Message.Attach _ -> 4;
      case Message.Attached _ -> 5;
      case Message.Refused _ -> 6;
      case Message.Heartbeat _ -> 7;
      case Message.Cull _ -> 8;
      case Message.Disconnect _ -> 9;
      case Message.Interest _ -> 10;
      case Message.Wanted _ -> 11;
      case Message.Resend _ -> 12;
      case Message.Gap _ -> 13;
      case Message.Anycast _ -> 14;
      case Message.AnycastAnswer _ -> 15;
      case Message.Dispatch _ -> 16;
      case Message.Survey _ -> 17;
      case Message.SurveyAnswer _ -> 18;
      case Multicast _ -> 19;
      case Message.TaskResult _ -> 20;
      case Message.Usage _ -> 21;
      case Message.Reassign _ -> 22;
      case Message.Rebalance _ -> 23;
      case Message.RebalancePlan _ -> 24;
      case Message.Revocations _ -> 25;
    };
  }
}
