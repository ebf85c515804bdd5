package dev.banyan.protocol.tree;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.balance.Reassignment;
import dev.banyan.protocol.balance.UsageReports;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.placement.GroupChoice;
import dev.banyan.protocol.placement.Groups;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;

/// What a node does because it is the root, and what it knows for that: who changes places, which group the tree is of, and
/// for how long somebody may be away whom it has not met yet. Made when the node becomes root, and dropped when it
/// ends to be: a later term begins with none of it. What a node is told from above, and asks of it, goes to these here as long
/// as there are any ([Groups], [UsageReports]).
final class RootDuties {

  private final InterestExchange interest;
  private final Groups groups;
  private final UsageReports usage;
  private final Reassignment reassignment;
  private final GroupChoice choice;

  RootDuties(
      TreeConfig config,
      Links links,
      Turn turn,
      Tally tally,
      InterestExchange interest,
      Groups groups,
      UsageReports usage,
      Runnable tellChildren) {
    this.interest = interest;
    this.groups = groups;
    this.usage = usage;
    reassignment = new Reassignment(config, links, turn, tally, tellChildren);
    choice = new GroupChoice(config, turn, groups);
    groups.goBy(choice);
    usage.goTo(reassignment);
  }

  void begin() {
    interest.startRoot();
    reassignment.start();
  }

  void end() {
    groups.goBy(null);
    usage.goTo(null);
  }

  void onHeartbeatTimer() {
    choice.choose();
  }

  void onUsageTimer() {
    reassignment.onTimer();
  }

  void onRebalance(Link observer, Message.Rebalance request) {
    reassignment.onRebalance(observer, request);
  }
}
