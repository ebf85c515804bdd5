package dev.banyan.lab.reference;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One recorded run of the published simulator, as [TraceReader] found it: twelve bytes an event.
public final class PublishedTrace {

  /// What may happen in a run.
  enum Kind {
    ROOT_JOINS,
    ROUTER_JOINS,
    WORKER_JOINS,
    ENQUEUE,
    UPDATE,
    RESULT
  }

  private static final int INTS_PER_EVENT = 3;
  private static final Kind[] KINDS = Kind.values();

  private final boolean sharded;
  private final List<String> hostNames;
  private final Map<Integer, int[]> programs;
  private final int[] events;
  private final Optional<Expected> expected;

  private PublishedTrace(Builder builder) {
    this.sharded = builder.sharded;
    this.hostNames = List.copyOf(builder.hosts.keySet());
    this.programs = builder.programs;
    this.events = Arrays.copyOf(builder.events, builder.length);
    this.expected = Optional.ofNullable(builder.expected);
  }

  public int events() {
    return events.length / INTS_PER_EVENT;
  }

  /// Whether updates go only where they are used.
  public boolean sharded() {
    return sharded;
  }

  /// What the recorded run counted, if the file says.
  public Optional<Expected> expected() {
    return expected;
  }

  Kind kind(int event) {
    return KINDS[events[event * INTS_PER_EVENT]];
  }

  /// Number of the host in [#hostName], for an enqueued task the task.
  int subject(int event) {
    return events[event * INTS_PER_EVENT + 1];
  }

  /// Most children, key or task, whichever the event has.
  int object(int event) {
    return events[event * INTS_PER_EVENT + 2];
  }

  int hostNames() {
    return hostNames.size();
  }

  String hostName(int number) {
    return hostNames.get(number);
  }

  /// The keys that a task writes, in order.
  Optional<int[]> program(int task) {
    return Optional.ofNullable(programs.get(task));
  }

  /// Whether any update is one of the integer key 0, so that the fault with it shows.
  public boolean hasKeyZero() {
    for (int event = 0; event < events(); event++) {
      if (kind(event) == Kind.UPDATE && object(event) == 0) {
        return true;
      }
    }
    return false;
  }

  /// What a file says of the packets of its run. A count that it does not give is not in the maps.
  ///
  /// @param totals `totalPackets` and `rootPackets`
  /// @param byName counts by host or by kind of packet: `rootPacketsByType`, `packetsPerHost`,
  ///     `packetsPerHostSelfSendsTwice`
  public record Expected(Map<String, Long> totals, Map<String, Map<String, Long>> byName) {
    public Expected {
      totals = Collections.unmodifiableMap(new LinkedHashMap<>(totals));
      byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }
  }

  /// Collects what a reader finds, in any order.
  static final class Builder {
    private final Map<String, Integer> hosts = new LinkedHashMap<>();
    private final Map<Integer, int[]> programs = new LinkedHashMap<>();
    private int[] events = new int[INTS_PER_EVENT << 10];
    private int length;
    private boolean sharded;
    private @Nullable Expected expected;

    void sharded(boolean sharded) {
      this.sharded = sharded;
    }

    void expected(Expected expected) {
      this.expected = expected;
    }

    /// The number of a host's name, a new one for a new name.
    int host(String name) {
      return hosts.computeIfAbsent(name, unused -> hosts.size());
    }

    int hosts() {
      return hosts.size();
    }

    /// @return whether the task is a new one
    boolean program(int task, List<Integer> keys) {
      return programs.putIfAbsent(task, keys.stream().mapToInt(Integer::intValue).toArray())
          == null;
    }

    void event(Kind kind, int subject, int object) {
      if (length == events.length) {
        events = Arrays.copyOf(events, events.length * 2);
      }
      events[length++] = kind.ordinal();
      events[length++] = subject;
      events[length++] = object;
    }

    int events() {
      return length / INTS_PER_EVENT;
    }

    PublishedTrace build() {
      return new PublishedTrace(this);
    }
  }
}
