package dev.banyan.protocol.balance;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Keeps child routers even (§2.5), gently: one order to a child at a time, none without room at the destination, and
/// none before heartbeats newer than the end of the last move have told how things stand.
public final class Balancer {

  private record Order(int clientsBefore, int clients, long expiresNanos) {}

  /// Lets a client go without a new parent in hand: the paper's rule.
  public interface Dismissal {
    void dismiss(Link client);
  }

  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final Dismissal dismissal;
  private final BooleanSupplier reassigning;
  private final Predicate<Link> trusts;
  private Map<NodeId, Order> orders = RareMap.none();
  private Map<NodeId, Long> leaving = RareMap.none();
  private long lastMoveNanos = Long.MIN_VALUE;

  /// @param trusts whether clients may be sent to a child router
  public Balancer(
      TreeConfig config,
      Links links,
      Turn turn,
      Position position,
      Dismissal dismissal,
      BooleanSupplier reassigning,
      Predicate<Link> trusts) {
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.dismissal = dismissal;
    this.reassigning = reassigning;
    this.trusts = trusts;
  }

  public void start() {
    arm();
  }

  private void arm() {
    long interval = config.timing().rebalanceNanos();
    turn.arm(TreeTimer.REBALANCE, interval - interval / 8 + turn.jitterNanos(interval / 4 + 1));
  }

  public void onRebalanceTimer() {
    arm();
    if (!position.rooted()) {
      return;
    }
    settleOrders();
    List<Link> routers = List.of(links.childRouters());
    if (routers.isEmpty()
        || !orders.isEmpty()
        || !leaving.isEmpty()
        || !heardSinceLastMove(routers)) {
      return;
    }
    if (links.count(NodeKind.CLIENT) > 0) {
      moveOwnClientsDown(routers);
    } else if (!reassigning.getAsBoolean()) {
      evenOut(routers);
    }
  }

  /// Clients of a router that has child routers belong below.
  private void moveOwnClientsDown(List<Link> routers) {
    long room = 0;
    for (Link router : routers) {
      room += trusts.test(router) ? router.child().freeClientSlots() : 0;
    }
    int clients = (int) Math.min(room, links.count(NodeKind.CLIENT));
    if (clients > 0) {
      giveUp(clients);
    }
  }

  private void evenOut(List<Link> routers) {
    Link heavy = routers.getFirst();
    Link light = null;
    for (Link router : routers) {
      if (router.child().clients() > heavy.child().clients()) {
        heavy = router;
      }
      if (router.child().freeClientSlots() > 0
          && trusts.test(router)
          && (light == null
              || router.child().expectedClients() < light.child().expectedClients())) {
        light = router;
      }
    }
    if (light == null) {
      return;
    }
    int delta = heavy.child().clients() - light.child().expectedClients();
    if (delta > config.rules().rebalanceThreshold()) {
      order(heavy, Math.min(delta / 2, light.child().freeClientSlots()));
    }
  }

  private void order(Link router, int clients) {
    orders = RareMap.writable(orders);
    orders.put(
        router.peer(),
        new Order(
            router.child().clients(),
            clients,
            turn.nowNanos() + 2 * config.timing().rebalanceNanos()));
    turn.report(Effect.Report.Kind.CULL_ORDERED, router.peer(), "", clients);
    turn.send(router.id(), new Message.Cull(clients));
  }

  /// The parent wants this many of our clients elsewhere: our own first, then those below.
  public void onCull(int clients) {
    settleOrders();
    int rest = clients - giveUp(clients);
    List<Link> routers = new ArrayList<>(Arrays.asList(links.childRouters()));
    routers.sort((a, b) -> Integer.compare(b.child().clients(), a.child().clients()));
    for (Link router : routers) {
      int share = Math.min(rest, router.child().clients());
      if (share > 0 && !orders.containsKey(router.peer())) {
        order(router, share);
        rest -= share;
      }
    }
  }

  /// @return how many clients were asked to go
  private int giveUp(int clients) {
    List<Link> chosen = new ArrayList<>();
    for (Link link : links.children()) {
      if (chosen.size() < clients
          && link.peerKind() == NodeKind.CLIENT
          && !leaving.containsKey(link.peer())) {
        chosen.add(link);
      }
    }
    for (Link link : chosen) {
      turn.report(Effect.Report.Kind.CULL_ORDERED, link.peer(), "", 1);
      if (config.rules().makeBeforeBreak()) {
        leaving = RareMap.writable(leaving);
        leaving.put(link.peer(), turn.nowNanos() + config.timing().rebalanceNanos());
        turn.send(link.id(), new Message.Cull(1));
      } else {
        dismissal.dismiss(link);
      }
    }
    return chosen.size();
  }

  public void onChildGone(NodeId node) {
    if (leaving.remove(node) != null | orders.remove(node) != null) {
      lastMoveNanos = turn.nowNanos();
    }
  }

  /// Ends what was carried out, and what nobody will carry out any more.
  private void settleOrders() {
    long now = turn.nowNanos();
    boolean ended =
        leaving.values().removeIf(expires -> expires <= now)
            | orders.entrySet().removeIf(entry -> isOver(entry.getKey(), entry.getValue()));
    if (ended) {
      lastMoveNanos = now;
    }
  }

  private boolean isOver(NodeId node, Order order) {
    Link link = links.child(node).orElse(null);
    return link == null
        || order.expiresNanos() <= turn.nowNanos()
        || link.child().clients() <= order.clientsBefore() - order.clients();
  }

  private boolean heardSinceLastMove(List<Link> routers) {
    for (Link router : routers) {
      if (router.child().heartbeatNanos() <= lastMoveNanos) {
        return false;
      }
    }
    return true;
  }
}
