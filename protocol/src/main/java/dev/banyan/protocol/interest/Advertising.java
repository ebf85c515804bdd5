package dev.banyan.protocol.interest;

import dev.banyan.filter.TagChange;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.link.Uplink;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.Arrays;

/// Interest on its way up: what the subtree wants, to every parent there is (one, and during a move the one that is
/// left), as a snapshot and then as changes.
final class Advertising {

  /// Tags in one message; a longer snapshot is one message and changes that follow it.
  private static final int CHUNK = 1 << 18;

  private static final long[] NOTHING = {};

  private final Links links;
  private final Turn turn;
  private final TagTable table;
  private final Resolution resolution;
  private final Removals removals;
  private final long coalesceNanos;
  private boolean all;

  Advertising(Links links, Turn turn, TagTable table, Resolution resolution, long coalesceNanos) {
    this.links = links;
    this.turn = turn;
    this.table = table;
    this.resolution = resolution;
    removals = new Removals(table);
    this.coalesceNanos = coalesceNanos;
  }

  /// The version of our own interest that will carry a tag which is new now.
  long nextVersion() {
    Link parent = links.parent();
    return parent == null ? Integer.MAX_VALUE : parent.uplink().sentVersion() + 1;
  }

  /// The version that the parent must have answered before it has answered for all tags there are now.
  long completeVersion() {
    Link parent = links.parent();
    if (parent == null) {
      return Long.MAX_VALUE;
    }
    Uplink up = parent.uplink();
    return up.isPending(all) ? up.sentVersion() + 1 : up.sentVersion();
  }

  /// The tag has come to be wanted, or ceased to be: parents will hear of it.
  ///
  /// @param came whether nobody wanted it before
  void touch(long tag, boolean came) {
    for (Link link : links.uplinks()) {
      if (link.uplink().touch(tag, came)) {
        turn.armUnlessArmed(TreeTimer.FLUSH, coalesceNanos);
      }
    }
  }

  /// Whether anybody here wants everything, from now on.
  void wantAll(boolean changed) {
    if (all != changed) {
      all = changed;
      turn.armUnlessArmed(TreeTimer.FLUSH, coalesceNanos);
    }
  }

  /// What [#flush] would send, more or less.
  long gatheredBytes(Uplink up) {
    if (!up.isPending(all)) {
      return 0;
    }
    return 64 + 8L * (up.snapshotDue() ? table.size() : up.touchedCount());
  }

  /// Whether a change that is still gathered for this link is about one of the multicast's tags.
  boolean gathers(Link link, Multicast multicast) {
    Uplink up = link.uplink();
    if (up.sentAll() != all || up.snapshotDue()) {
      return true;
    }
    if (up.touchedCount() == 0) {
      return false;
    }
    for (int r = 0; r < multicast.recordCount(); r++) {
      for (int i = 0; i < multicast.tagCount(r); i++) {
        if (up.isTouched(resolution.cut(multicast.tag(r, i)))) {
          return true;
        }
      }
    }
    return false;
  }

  /// Everything we want, from the beginning, a moment later: whoever wants more than it may has the time to want less.
  void sendSnapshotSoon(Link link) {
    link.uplink().snapshotSoon();
    turn.armUnlessArmed(TreeTimer.FLUSH, coalesceNanos);
  }

  /// Everything we want, from the beginning.
  void sendSnapshot(Link link) {
    Uplink up = link.uplink();
    long[] tags = table.toArray();
    Arrays.sort(tags);
    up.snapshotSent(resolution.bits(), Tags.hashOf(table.hash(), all));
    send(link, true, tags, NOTHING, up.sentHash());
  }

  /// What has changed since something was sent last.
  void flush(Link link) {
    Uplink up = link.uplink();
    if (!up.isPending(all)) {
      return;
    }
    if (up.snapshotDue()) {
      sendSnapshot(link);
      return;
    }
    long[] changed = up.touched();
    long[] added = new long[changed.length];
    long[] removed = new long[changed.length];
    int adds = 0;
    int removes = 0;
    for (int i = 0; i < changed.length; i++) {
      table.readAhead(changed, i);
      long tag = changed[i];
      if (table.contains(tag)) {
        // Said again when the receiver has it: an answer to an earlier advertisement is not about
        // this one.
        added[adds++] = tag;
      } else if (!up.isAbsent(tag)) {
        removed[removes++] = tag;
      }
    }
    long[] more = Arrays.copyOf(added, adds);
    long[] less = Arrays.copyOf(removed, removes);
    long hash = Tags.hashOf(table.hash(), all);
    if (removes > TagChange.MAX_FOUND || adds + removes > CHUNK || up.sentBits() == Tags.BITS) {
      up.changesSent(hash);
      send(link, false, more, less, 0);
    } else {
      TagChange change = removals.shorten(up, more, less);
      up.changesSent(hash);
      send(link, false, change, 0);
    }
  }

  /// Longer than a message takes, it goes in several.
  private void send(Link link, boolean snapshot, long[] added, long[] removed, long hash) {
    int bits = link.uplink().sentBits();
    int total = added.length + removed.length;
    int from = 0;
    do {
      int to = Math.min(total, from + CHUNK);
      long[] less = slice(removed, from, to);
      long[] more = slice(added, from - removed.length, to - removed.length);
      send(link, snapshot && from == 0, TagChange.whole(bits, more, less), hash);
      from = to;
    } while (from < total);
  }

  private void send(Link link, boolean snapshot, TagChange change, long hash) {
    Uplink up = link.uplink();
    long version = up.nextVersion(all);
    turn.send(link.id(), new Message.Interest(version, snapshot, all, change, hash));
    if (link == links.parent()) {
      long[] added = change.added();
      for (int i = 0; i < added.length; i++) {
        table.readAhead(added, i);
        table.setVersion(added[i], version);
      }
    }
  }

  /// The part of the array that lies within it.
  private static long[] slice(long[] tags, int from, int to) {
    return Arrays.copyOfRange(
        tags, Math.clamp(from, 0, tags.length), Math.clamp(to, 0, tags.length));
  }
}
