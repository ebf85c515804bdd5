package dev.banyan.protocol.placement;

import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.List;

/// Says no, and counts it: to a hello, a join request, an attach.
public final class Refusals {

  private final Identity identity;
  private final Turn turn;
  private final Tally tally;

  public Refusals(Identity identity, Turn turn, Tally tally) {
    this.identity = identity;
    this.turn = turn;
    this.tally = tally;
  }

  /// Closing the link is the caller's.
  public void hello(Link link, Message.Refused.Reason reason, String detail) {
    turn.send(link.id(), new Message.Refused(identity.node(), 0, reason, detail, List.of()));
  }

  void join(Link link, Message.JoinRequest request, Message.Refused.Reason reason, String detail) {
    tally.count(Tally.Count.JOINS_REFUSED);
    turn.send(
        link.id(),
        new Message.Refused(request.joiner(), request.attempt(), reason, detail, List.of()));
  }

  void attach(Link joiner, Message.Attach attach, Message.Refused.Reason reason, String detail) {
    attach(joiner, attach, reason, detail, List.of());
  }

  /// To one that has climbed here.
  ///
  /// @param route back down to the router that the joiner has asked, from the child that passed it on
  void attach(
      Link child,
      Message.Attach attach,
      Message.Refused.Reason reason,
      String detail,
      List<NodeId> route) {
    tally.count(Tally.Count.ATTACHES_REFUSED);
    turn.send(
        child.id(), new Message.Refused(attach.joiner(), attach.attempt(), reason, detail, route));
  }

  /// The same on its way down.
  static Message.Refused along(List<NodeId> rest, Message.Refused refused) {
    return new Message.Refused(
        refused.joiner(), refused.attempt(), refused.reason(), refused.detail(), rest);
  }
}
