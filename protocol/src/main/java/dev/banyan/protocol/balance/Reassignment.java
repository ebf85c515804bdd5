package dev.banyan.protocol.balance;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The root's part in reallocation (§8.3.2): it collects what clients use, works out now and then which of them should
/// change places ([MovePlan]), and has them move, a few at a time.
///
/// **Damping.** A plan is carried out if it saves a tenth of the crossings, and wins back within a minute what the moves
/// cost. A client that was moved stays, as long as it uses much the same and its place is the one it was given: for a
/// steady workload each moves at most once. Where there is nothing to win, the next look waits twice as long, until
/// clients come, go, or use other tags. One move that fails ends the plan.
public final class Reassignment {

  /// Clients remembered; others stay where they are. A guess: a few MB.
  private static final int MAX_CLIENTS = 4_096;

  /// Routers in a plan; who hangs below others stays. A guess: as many as clients, and usually a tenth.
  private static final int MAX_ROUTERS = 4_096;

  /// Tags of a client that count: as many as honest ones tell.
  private static final int MAX_TAGS = UsageReports.TOLD;

  /// Clients that may come to be below a child before its heartbeat says so.
  private static final int MAX_NEW = 16;

  /// Clients on their way at a time. A guess: child routers may differ by three.
  private static final int MAX_UNDER_WAY = 2;

  /// Of all crossings, what a plan must save. A guess.
  private static final double LEAST_SAVED = 0.1;

  /// Frames a move costs, more or less: a join, heartbeats, its interest, what it announces. A guess.
  private static final double MOVE_FRAMES = 100;

  /// In which the moves must be worth it, in seconds. A guess.
  private static final double WORTH_SECONDS = 60;

  /// Two sets of tags that have so much in common are much the same. A guess.
  private static final double STEADY = 0.5;

  /// The longest wait between two looks, in rebalance intervals. A guess.
  private static final int MAX_WAIT = 32;

  /// Rebalance intervals after which clients are looked at even if they never come to rest. A guess.
  private static final int MAX_UNREST = 12;

  /// Sums worked out at a time: about a millisecond. Other work waits no longer than that.
  private static final long EFFORT = 500_000;

  private static final long PAUSE_NANOS = 10_000_000;

  /// In place of the root's own id, which no route names.
  private static final NodeId NOBODY = new NodeId(0);

  /// Observers that wait for a plan at a time.
  private static final int MAX_ASKERS = 16;

  /// What is known of a client.
  ///
  /// @param slot of the child from which it came, to whose account it goes
  /// @param path routers above it, its parent first, the root left out
  private record Profile(int slot, List<NodeId> path, long[] tags, int[] levels, long heardNanos) {}

  /// @param tags what the client used when it was moved
  private record Placed(List<NodeId> route, long[] tags) {}

  /// @param left the routers that lose a client by it, from the top down
  /// @param entered those that gain one
  /// @param route all routers above the new place
  private record Order(
      Message.Move move, List<NodeId> left, List<NodeId> entered, List<NodeId> route) {
    NodeId client() {
      return move.client();
    }

    static Order of(MovePlan.Move move, List<NodeId> from, List<NodeId> to) {
      int common = 0;
      while (common < Math.min(from.size(), to.size()) && from.get(common).equals(to.get(common))) {
        common++;
      }
      return new Order(
          new Message.Move(
              move.worker(),
              from.getLast(),
              to.getLast(),
              move.tag(),
              move.usersThere(),
              move.usersHere()),
          List.copyOf(from.subList(common, from.size())),
          List.copyOf(to.subList(common, to.size())),
          to);
    }
  }

  private record UnderWay(Order order, long expiresNanos) {}

  private record Asker(LinkId link, Message.Rebalance request) {}

  /// A router in a draft: by the index of the one above it, so that what a long path takes is what it adds.
  private record Place(int above, NodeId router) {}

  /// A plan, and the routers that its indices mean.
  private record Draft(MovePlan plan, List<Place> routers) {

    /// From the root down, which is left out.
    List<NodeId> route(int index) {
      List<NodeId> up = new ArrayList<>();
      for (int at = index; at > 0; at = routers.get(at).above()) {
        up.add(routers.get(at).router());
      }
      return List.copyOf(up.reversed());
    }
  }

  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Tally tally;
  private final Runnable tellChildren;
  private final Map<NodeId, Profile> profiles = new LinkedHashMap<>();

  /// How many of the clients that are remembered each child has told of, by its slot.
  private final Map<Integer, Integer> accounts = new LinkedHashMap<>();

  private final Map<NodeId, Placed> placed = new LinkedHashMap<>();
  private final Deque<Order> orders = new ArrayDeque<>();
  private final Map<NodeId, UnderWay> underWay = new LinkedHashMap<>();

  /// By how many clients more a router has than when the plan was made; those on their way count where they go, and where
  /// they come from too.
  private final Map<NodeId, Integer> surplus = new LinkedHashMap<>();

  private final List<Asker> askers = new ArrayList<>();
  private Optional<Draft> draft = Optional.empty();
  private double lastBefore;
  private double lastAfter;
  private long dueNanos;
  private int wait = 2;
  private long newsNanos;
  private boolean calm = true;

  /// @param tellChildren that moves have begun or ended: nobody should even out numbers meanwhile, it would undo them
  public Reassignment(
      TreeConfig config, Links links, Turn turn, Tally tally, Runnable tellChildren) {
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.tally = tally;
    this.tellChildren = tellChildren;
  }

  public void start() {
    if (asksUsage()) {
      soon();
      arm();
    }
  }

  /// Whether clients should tell what they use.
  boolean asksUsage() {
    return config.rules().reallocation() != TreeConfig.Reallocation.OFF;
  }

  /// Whether clients are being moved.
  boolean isMoving() {
    return !underWay.isEmpty() || !orders.isEmpty();
  }

  private void arm() {
    long pause = draft.isPresent() ? PAUSE_NANOS : config.timing().heartbeatNanos();
    turn.arm(TreeTimer.USAGE, pause);
  }

  /// The next look is two intervals from now.
  private void soon() {
    wait = 2;
    dueNanos = turn.nowNanos() + wait * config.timing().rebalanceNanos();
  }

  /// A client came, went or uses other tags: the next look is when nothing of that kind has happened for two intervals, or
  /// has gone on for too long.
  private void news() {
    if (calm) {
      calm = false;
      newsNanos = turn.nowNanos();
    }
    soon();
    dueNanos = Math.min(dueNanos, newsNanos + MAX_UNREST * config.timing().rebalanceNanos());
  }

  // What clients use.

  void onUsage(Link from, Message.Usage told) {
    if (!asksUsage()) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    Message.Usage usage = bounded(told);
    NodeId client = usage.client();
    Profile before = profiles.get(client);
    int slot = from.child().slot();
    if ((before == null || before.slot() != slot) && !makeRoom(from, before != null)) {
      tally.count(Tally.Count.OVER_BUDGET);
      return;
    }
    if (before != null) {
      accounts.merge(before.slot(), -1, Integer::sum);
    }
    accounts.merge(slot, 1, Integer::sum);
    profiles.put(
        client, new Profile(slot, usage.path(), usage.tags(), usage.levels(), turn.nowNanos()));
    UnderWay order = underWay.get(client);
    if (order != null && usage.path().reversed().equals(order.order().route())) {
      arrived(order.order());
    } else if (before == null
        || !before.path().equals(usage.path())
        || UsageReports.shared(before.tags(), usage.tags()) < STEADY) {
      news();
    }
    Placed place = placed.get(client);
    if (place != null && !underWay.containsKey(client) && !holds(place, usage)) {
      placed.remove(client);
    }
  }

  private static Message.Usage bounded(Message.Usage usage) {
    return usage.tags().length <= MAX_TAGS
        ? usage
        : new Message.Usage(
            usage.client(),
            usage.path(),
            Arrays.copyOf(usage.tags(), MAX_TAGS),
            Arrays.copyOf(usage.levels(), MAX_TAGS));
  }

  /// Whether one more client may be remembered for this child: no more than there are below it, and if all places are
  /// taken, one of the child that has most of them.
  private boolean makeRoom(Link from, boolean known) {
    int slot = from.child().slot();
    int mine = accounts.getOrDefault(slot, 0);
    int below =
        from.peerKind() == NodeKind.CLIENT
            ? 1
            : Math.max(from.child().clients(), from.child().expectedClients()) + MAX_NEW;
    if (mine >= below) {
      return false;
    }
    if (known || profiles.size() < MAX_CLIENTS) {
      return true;
    }
    int most = slot;
    for (Map.Entry<Integer, Integer> each : accounts.entrySet()) {
      most = each.getValue() > accounts.getOrDefault(most, 0) ? each.getKey() : most;
    }
    if (accounts.getOrDefault(most, 0) <= mine + 1) {
      return false;
    }
    for (Map.Entry<NodeId, Profile> each : profiles.entrySet()) {
      if (each.getValue().slot() == most) {
        forget(each.getKey());
        return true;
      }
    }
    return false;
  }

  private void forget(NodeId client) {
    Profile gone = profiles.remove(client);
    placed.remove(client);
    if (gone != null) {
      accounts.merge(gone.slot(), -1, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  private static boolean holds(Placed place, Message.Usage usage) {
    return place.route().equals(usage.path().reversed())
        && UsageReports.held(place.tags(), usage.tags()) >= STEADY;
  }

  private void forgetSilent() {
    long limit = 3L * UsageReports.REFRESH * config.timing().rebalanceNanos();
    List<NodeId> silent = new ArrayList<>();
    profiles.forEach((client, profile) -> {
      if (turn.nowNanos() - profile.heardNanos() > limit) {
        silent.add(client);
      }
    });
    silent.forEach(this::forget);
  }

  // The plan.

  public void onTimer() {
    forgetSilent();
    giveUpLate();
    if (draft.isPresent()) {
      if (draft.get().plan().work(EFFORT)) {
        Draft done = draft.get();
        draft = Optional.empty();
        decide(done);
      }
    } else if (isMoving()) {
      order();
    } else if (!askers.isEmpty() || isDue()) {
      calm = true;
      draft = Optional.of(draft());
    }
    arm();
  }

  private boolean isDue() {
    return config.rules().reallocation() == TreeConfig.Reallocation.AUTOMATIC
        && turn.nowNanos() - dueNanos >= 0;
  }

  /// Of things as they are: routers that clients have told of, and who hangs on which.
  private Draft draft() {
    List<Place> routers = new ArrayList<>();
    routers.add(new Place(-1, NOBODY));
    Map<Place, Integer> index = new LinkedHashMap<>();
    List<Boolean> inner = new ArrayList<>(List.of(false));
    Map<NodeId, Integer> places = new LinkedHashMap<>();
    profiles.forEach((client, profile) -> {
      int at = 0;
      for (NodeId router : profile.path().reversed()) {
        Place place = new Place(at, router);
        Integer known = index.get(place);
        if (known == null && routers.size() >= MAX_ROUTERS) {
          return;
        }
        if (known == null) {
          known = routers.size();
          index.put(place, known);
          routers.add(place);
          inner.add(false);
          inner.set(at, true);
        }
        at = known;
      }
      places.put(client, at);
    });
    List<MovePlan.Worker> workers = new ArrayList<>(places.size());
    places.forEach((client, place) -> {
      Profile profile = profiles.get(client);
      if (profile != null) {
        workers.add(
            new MovePlan.Worker(
                client,
                place,
                profile.tags(),
                rates(profile.levels()),
                placed.containsKey(client) || inner.get(place)));
      }
    });
    int[] above = routers.stream().mapToInt(Place::above).toArray();
    return new Draft(new MovePlan(above, workers), List.copyOf(routers));
  }

  /// Multicasts a second: counts halve with each interval, so that steady ones are twice those of an interval.
  private double[] rates(int[] levels) {
    double seconds = 2 * config.timing().rebalanceNanos() / 1e9;
    double[] rates = new double[levels.length];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = Math.pow(2, (double) levels[i] / Message.Usage.LEVELS) / seconds;
    }
    return rates;
  }

  private void decide(Draft done) {
    List<Order> moves =
        done.plan().moves().stream()
            .map(move -> Order.of(move, done.route(move.from()), done.route(move.to())))
            .toList();
    double saved = done.plan().before() - done.plan().after();
    boolean told = askers.stream().anyMatch(asker -> !asker.request().dryRun()) && saved > 0;
    boolean worth =
        isDue()
            && saved >= LEAST_SAVED * done.plan().before()
            && saved * WORTH_SECONDS >= moves.size() * MOVE_FRAMES;
    boolean go = !moves.isEmpty() && (told || worth);
    if (go) {
      orders.addAll(moves);
      tellChildren.run();
    } else if (isDue()) {
      wait = Math.min(MAX_WAIT, 2 * wait);
      dueNanos = turn.nowNanos() + wait * config.timing().rebalanceNanos();
    }
    lastBefore = done.plan().before();
    lastAfter = done.plan().after();
    if (go) {
      order();
    }
    answerAll(moves);
  }

  // Its moves.

  /// As many as may be on their way at a time.
  private void order() {
    boolean sent = true;
    while (sent && underWay.size() < MAX_UNDER_WAY) {
      Optional<Order> next =
          orders.stream().filter(this::mayHaveRoom).min(Comparator.comparingInt(this::imbalance));
      sent = next.isPresent() && send(next.get());
    }
    if (!isMoving()) {
      endPlan();
    }
  }

  /// Whether the new parent has not got one too many already; it takes no two. If nothing else is left it is tried.
  private boolean mayHaveRoom(Order order) {
    return surplus.getOrDefault(order.move().to(), 0) <= 0 || underWay.isEmpty();
  }

  /// How uneven a move would leave the routers, at all levels. In the end each has as many as at first; on the way it
  /// should have no more than one more or less, or others would even that out.
  private int imbalance(Order order) {
    int most = 0;
    for (NodeId router : order.entered()) {
      most = Math.max(most, surplus.getOrDefault(router, 0) + 1);
    }
    for (NodeId router : order.left()) {
      most = Math.max(most, 1 - surplus.getOrDefault(router, 0));
    }
    return most;
  }

  private void endPlan() {
    orders.clear();
    surplus.clear();
    soon();
    tellChildren.run();
  }

  /// @return false if the plan is over, because things are not as it took them to be
  private boolean send(Order order) {
    Profile profile = profiles.get(order.client());
    List<NodeId> down = profile == null ? List.of() : profile.path().reversed();
    Optional<Link> child = down.isEmpty() ? Optional.empty() : links.child(down.getFirst());
    if (profile == null || child.isEmpty()) {
      endPlan();
      return false;
    }
    orders.remove(order);
    order.entered().forEach(router -> surplus.merge(router, 1, Integer::sum));
    placed.put(order.client(), new Placed(order.route(), profile.tags()));
    underWay.put(
        order.client(),
        new UnderWay(order, turn.nowNanos() + 2 * config.timing().rebalanceNanos()));
    tally.count(Tally.Count.REASSIGNED);
    turn.report(Effect.Report.Kind.REASSIGN_ORDERED, order.client(), "to " + order.move().to(), 0);
    turn.send(
        child.get().id(),
        new Message.Reassign(
            order.client(), List.copyOf(down.subList(1, down.size())), order.route()));
    return true;
  }

  private void arrived(Order order) {
    underWay.remove(order.client());
    order.left().forEach(router -> surplus.merge(router, -1, Integer::sum));
    order();
  }

  /// A move that does not end: what the rest of the plan rests on is not so.
  private void giveUpLate() {
    boolean late = underWay.values().removeIf(each -> turn.nowNanos() - each.expiresNanos() >= 0);
    if (late) {
      tally.count(Tally.Count.REASSIGNMENTS_FAILED);
      endPlan();
    }
  }

  // Observers.

  public void onRebalance(Link from, Message.Rebalance request) {
    if (!asksUsage()) {
      turn.send(
          from.id(),
          new Message.RebalancePlan(
              request.id(), Message.RebalancePlan.State.OFF, 0, 0, 0, 0, 0, List.of()));
      return;
    }
    askers.removeIf(asker -> asker.link().equals(from.id())); // its latest request counts
    if (askers.size() < MAX_ASKERS) {
      askers.add(new Asker(from.id(), request));
      if (isMoving()) {
        answerAll(List.copyOf(orders));
      } else if (draft.isEmpty()) {
        turn.arm(TreeTimer.USAGE, 0);
      }
    }
  }

  private void answerAll(List<Order> moves) {
    List<Message.Move> first =
        moves.stream().limit(Message.RebalancePlan.MAX_MOVES).map(Order::move).toList();
    for (Asker asker : askers) {
      Link link = links.get(asker.link());
      if (link != null) {
        turn.send(
            link.id(),
            new Message.RebalancePlan(
                asker.request().id(),
                isMoving()
                    ? Message.RebalancePlan.State.ORDERED
                    : Message.RebalancePlan.State.PROPOSED,
                profiles.size(),
                Math.round(1_000 * lastBefore),
                Math.round(1_000 * lastAfter),
                moves.size(),
                underWay.size(),
                first));
      }
    }
    askers.clear();
  }
}
