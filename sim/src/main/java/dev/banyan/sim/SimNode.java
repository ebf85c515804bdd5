package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.tree.NodeView;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A node of a cluster: the host that its machine runs on, which outlives the machine. What it promises stays the same
/// over restarts is its id, its address and its index.
public final class SimNode {

  /// How the host is. `NEW -> UP <-> HUNG`, `UP | HUNG -> DOWN -> UP`.
  public enum State {
    /// Never started.
    NEW,
    UP,
    /// Nothing is read, written or fired, and nobody is told.
    HUNG,
    /// Crashed or stopped.
    DOWN
  }

  public final int index;
  public final NodeId id;
  final Address address;
  public final NodeSpec spec;
  public final LinkTable links = new LinkTable();
  final SimClock clock = new SimClock();
  State state = State.NEW;

  /// Counts starts: what was meant for an earlier life is dropped.
  public int life;

  @Nullable public Machine machine;
  @Nullable Supplier<NodeView> view;
  @Nullable public Session session;
  long nextInboundLink = -1;

  /// Its last end was a loss of power.
  boolean powerless;

  /// Which side of a partition it is on; 0 while there is none.
  public int side;

  /// How slow the host's own line is, on top of the network's.
  @Nullable public LinkProfile line;

  @Nullable ArrayDeque<LinkEnd.Stalled> pile;

  /// When it was last hung, cut off or slowed: what its neighbours then make of it is its own fault.
  public long disturbedAtNanos = Long.MIN_VALUE;

  /// Something has moved on its links below whole messages since its last timer.
  boolean linksMoved;

  long framesIn;
  long framesOut;
  long bytesIn;
  long bytesOut;

  SimNode(int index, NodeId id, Address address, NodeSpec spec) {
    this.index = index;
    this.id = id;
    this.address = address;
    this.spec = spec;
  }

  public int index() {
    return index;
  }

  public NodeId id() {
    return id;
  }

  public NodeKind kind() {
    return spec.kind();
  }

  public Address address() {
    return address;
  }

  /// The host's wall clock.
  public SimClock clock() {
    return clock;
  }

  public State state() {
    return state;
  }

  /// Started, and neither crashed nor stopped; it may hang.
  public boolean alive() {
    return state == State.UP || state == State.HUNG;
  }

  public boolean up() {
    return state == State.UP;
  }

  /// Down, and not even there to refuse connections.
  boolean vanished() {
    return state == State.DOWN && powerless;
  }

  /// The machine of its present life.
  public Optional<Machine> machine() {
    return Optional.ofNullable(machine);
  }

  /// What the tree's node in it says of itself; empty when it is down or runs something else.
  public Optional<NodeView> view() {
    return machine == null || view == null ? Optional.empty() : Optional.of(view.get());
  }

  public long framesIn() {
    return framesIn;
  }

  public long framesOut() {
    return framesOut;
  }

  public long bytesIn() {
    return bytesIn;
  }

  public long bytesOut() {
    return bytesOut;
  }

  @Override
  public String toString() {
    return spec.kind().name().toLowerCase(java.util.Locale.ROOT) + "-" + index;
  }
}
