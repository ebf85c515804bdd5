package dev.banyan.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client that moves sends to its own inbox by its new parent (§2.5): when it comes in by the old one, whatever was
/// sent down there before has come, too. It is control: no link drops it, and what was gathered for a link goes before it.
///
/// On the wire it is a multicast of one record, with an empty payload and one tag, its owner's inbox. This class alone knows
/// that; a node asks it once, of each multicast that comes in.
///
/// @param owner who sent it, and whom it is for
/// @param session the owner's life
/// @param number tells it from the fences of the owner's other moves
public record Fence(NodeId owner, Session session, long number) {

  /// As it is sent.
  public Multicast multicast() {
    return Multicast.of(
        List.of(
            new Record(
                new long[] {Tags.inbox(owner)},
                owner,
                session,
                number,
                new long[] {0},
                Bytes.EMPTY)));
  }

  /// The fence that the multicast is, or null. Most are none by their tags alone, which costs nothing.
  public static @Nullable Fence in(Multicast multicast) {
    if (!isToInbox(multicast)) {
      return null;
    }
    Record record = multicast.records().getFirst();
    return record.payload().size() == 0 && Tags.inbox(record.writer()) == multicast.tag(0, 0)
        ? new Fence(record.writer(), record.session(), record.sequence())
        : null;
  }

  /// Whether it is for nobody but the owner of one inbox.
  private static boolean isToInbox(Multicast multicast) {
    return multicast.recordCount() == 1
        && multicast.tagCount(0) == 1
        && Tags.isInbox(multicast.tag(0, 0));
  }
}
