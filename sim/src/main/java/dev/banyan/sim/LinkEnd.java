package dev.banyan.sim;

import dev.banyan.protocol.LinkId;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One side of a link, and the direction that leads away from it: what its owner sends waits here.
public final class LinkEnd {
  final SimNode owner;
  public final LinkId id;

  /// The id's, at hand: its owner's table is searched by it.
  final long number;

  /// The owner's life in which the link came about: an older one's links are nobody's.
  final int life;

  /// The other side; absent while a dial is under way.
  @Nullable public LinkEnd peer;

  LinkProfile profile;

  /// No event of this link reaches the owner any more.
  public boolean closed;

  /// The link broke: no frame reaches the owner any more, only the news that it is closed.
  boolean deaf;

  /// The owner's machine lost power, and this end with it; the other side has not been told.
  boolean vanished;

  /// [dev.banyan.protocol.Event.LinkOpened] has been given to the owner.
  boolean opened;

  /// More than the maximum was queued: the link breaks, and its owner is about to be told.
  boolean overflown;

  /// More than the congested mark is queued, and it has not fallen below the low mark since.
  boolean congested;

  /// The owner knows that it is congested, and not yet that it has drained.
  public boolean toldCongested;

  /// When the last frame that has left this direction will have arrived.
  long arrivesAtNanos;

  /// What waits to leave in this direction; null while nothing does.
  @Nullable Departures departures;

  /// Part of a frame has come to this end since the owner took the last one, or was told.
  boolean receivedPart;

  /// Something has left this end while it was congested, and the owner has not been told.
  boolean sentSome;

  /// Bytes that cannot be taken by the other side, because it hangs or the way is blocked.
  long stalledBytes;

  @Nullable ArrayDeque<Stalled> stalled;

  /// Frames given to this direction, and those of them that the other side has taken: FIFO means that they are taken in
  /// the order of these numbers.
  long sent;

  long received;
  long bytesSent;

  /// What the checkers keep about it.
  @Nullable public LinkOracle oracle;

  LinkEnd(SimNode owner, LinkId id, int life, LinkProfile profile) {
    this.owner = owner;
    this.id = id;
    this.number = id.value();
    this.life = life;
    this.profile = profile;
  }

  /// Something that waits until the way is free again, or the host runs again.
  record Stalled(EventQueue.What what, Object target, Object payload, long number, int bytes) {}

  /// Bytes in this direction that have not left yet.
  long queuedBytes() {
    return stalledBytes + (departures == null ? 0 : departures.bytes());
  }

  /// Whether this direction leads anywhere at this moment.
  boolean live() {
    return !closed && !overflown && peer != null;
  }

  @Override
  public String toString() {
    return owner + "/" + id + (peer == null ? "" : "->" + peer.owner);
  }
}
