package dev.banyan.transport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all links of a node hold in memory: parts of frames that have come in, and what waits to be sent. There is one
/// budget for all of it. Above half of it a link that has more waiting than its fair share counts as congested; above
/// all of it the link that holds most is cut. Strangers have an eighth among themselves. So whoever stays within its
/// share is not harmed by what others hold.
final class LinkMemory {

  private static final Logger LOG = LoggerFactory.getLogger(LinkMemory.class);

  private static final int STRANGERS_SHARE = 8;

  private final NodeDriver node;
  private final long budgetBytes;
  private final int leastShareBytes;

  // As the links have told: what has left since is not known before the next count.
  private long heldBytes;
  private long strangersBytes;

  private long cuts;

  /// @param leastShareBytes what any link may have waiting before memory is looked at
  LinkMemory(NodeDriver node, long budgetBytes, int leastShareBytes) {
    this.node = node;
    this.budgetBytes = budgetBytes;
    this.leastShareBytes = leastShareBytes;
  }

  /// Links cut because they held most when memory was short.
  long cuts() {
    return cuts;
  }

  /// To be called whenever a link may hold more than before.
  void changed(Connection link) {
    account(link, link.heldBytes());
    if (!isOver()) {
      return;
    }
    for (Connection each : node.links()) {
      account(each, each.heldBytes());
    }
    while (isOver()) {
      Connection most = holdsMost(strangersBytes > budgetBytes / STRANGERS_SHARE);
      if (most == null) {
        return; // what is left belongs to links that are closing
      }
      cuts++;
      long bytes = most.accountedBytes;
      if (node.repeats().isDue("memory")) {
        LOG.warn(
            "{}: link {} to {} is cut: memory for links is short, and it held most, {} kB of {}{}",
            node.name(),
            most.id,
            most.peerText(),
            bytes / 1_000,
            budgetBytes / 1_000,
            node.repeats().suffix("memory"));
      }
      account(most, 0);
      most.cut("memory for links is short, and this one held most: " + bytes / 1_000 + " kB");
    }
  }

  /// The link's peer is a stranger no more.
  void admitted(Connection link) {
    strangersBytes -= link.accountedBytes;
  }

  void gone(Connection link) {
    account(link, 0);
  }

  /// Whether a link with so much waiting must count as congested because memory is short.
  boolean exceedsShare(long queuedBytes) {
    return heldBytes > budgetBytes / 2
        && queuedBytes > Math.max(leastShareBytes, budgetBytes / 2 / Math.max(1, node.linkCount()));
  }

  private boolean isOver() {
    return heldBytes > budgetBytes || strangersBytes > budgetBytes / STRANGERS_SHARE;
  }

  private void account(Connection link, long bytes) {
    long more = bytes - link.accountedBytes;
    link.accountedBytes = bytes;
    heldBytes += more;
    strangersBytes += link.isAdmitted() ? 0 : more;
  }

  private @Nullable Connection holdsMost(boolean amongStrangers) {
    Connection most = null;
    for (Connection link : node.links()) {
      boolean counts = link.accountedBytes > 0 && !(amongStrangers && link.isAdmitted());
      if (counts && (most == null || link.accountedBytes > most.accountedBytes)) {
        most = link;
      }
    }
    return most;
  }
}
