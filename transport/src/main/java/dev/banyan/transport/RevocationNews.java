package dev.banyan.transport;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes lists of revocations through the tree: to each neighbour that is new, and to all others when there is a newer one. So
/// whoever attaches later hears of what was revoked before, and a list that is given to one node reaches all. Belongs to the
/// loop's thread.
final class RevocationNews {

  /// For how long nothing more is believed of who has passed on what is none of the operator's: to find that out costs a
  /// signature's check.
  private static final long PAUSE_NANOS = 10_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(RevocationNews.class);

  private final NodeDriver node;
  private final LinkSecurity security;

  /// What all neighbours have been told.
  private Optional<Bytes> told;

  RevocationNews(NodeDriver node, LinkSecurity security) {
    this.node = node;
    this.security = security;
    this.told = security.revocations();
  }

  /// A neighbour is new, and frames to it may be long as soon as it has what was sent to it before.
  void admitted(Connection neighbour) {
    node.loop()
        .executor
        .execute(() -> {
          if (neighbour.isOpen()) {
            told.ifPresent(list -> node.tell(neighbour, new Message.Revocations(list)));
          }
        });
  }

  /// A neighbour has passed on a list.
  void received(Connection from, Message.Revocations news) {
    long now = System.nanoTime();
    if (!from.isAdmitted() || now - from.listsIgnoredUntilNanos < 0) {
      return;
    }
    try {
      if (security.learn(news.list())) {
        node.recheckSoon();
      }
    } catch (SSLException e) {
      from.listsIgnoredUntilNanos = now + PAUSE_NANOS;
      if (node.repeats().isDue("revocations")) {
        LOG.warn(
            "{}: {} has passed on a list of revocations that is not believed: {}{}",
            node.name(),
            from.peerText(),
            e.getMessage(),
            node.repeats().suffix("revocations"));
      }
    }
  }

  /// Tells all neighbours if there is a newer list than they were told of.
  void spread() {
    Optional<Bytes> newest = security.revocations();
    if (newest.equals(told)) {
      return;
    }
    told = newest;
    newest.ifPresent(list -> {
      Message.Revocations news = new Message.Revocations(list);
      for (Connection link : node.links()) {
        if (link.isAdmitted()) {
          node.tell(link, news);
        }
      }
    });
  }
}
