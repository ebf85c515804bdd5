package dev.banyan.protocol.forwarding;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Of the multicast that is being forwarded: which links get only a part of it, and which.
final class Parts {

  private final Pruner pruner;
  private final Turn turn;
  private final Tally tally;
  private final List<Part> parts = new ArrayList<>();
  private boolean looked;
  private Pruner.@Nullable Prunable prunable;

  private record Part(Multicast multicast, List<LinkId> links) {}

  Parts(Pruner pruner, Turn turn, Tally tally) {
    this.pruner = pruner;
    this.turn = turn;
    this.tally = tally;
  }

  /// Decides what a link gets that wants some of the multicast.
  ///
  /// @return whether it is a part, which [#send] will send; else all of it is to go there
  @SuppressWarnings("ReferenceEquality") // one object for one part
  boolean take(LinkId link, Multicast multicast, LongPredicate wanted) {
    if (wantsAll(multicast, wanted)) {
      return false;
    }
    if (!looked) {
      looked = true;
      prunable = pruner.look(multicast);
    }
    if (prunable == null) {
      return false;
    }
    Multicast part = prunable.partFor(wanted);
    if (part == multicast) {
      return false;
    }
    for (Part known : parts) {
      if (known.multicast() == part) {
        known.links().add(link);
        return true;
      }
    }
    parts.add(new Part(part, new ArrayList<>(List.of(link))));
    return true;
  }

  private static boolean wantsAll(Multicast multicast, LongPredicate wanted) {
    for (int r = 0; r < multicast.recordCount(); r++) {
      int tags = multicast.tagCount(r);
      for (int i = 0; i < tags; i++) {
        if (!wanted.test(multicast.tag(r, i))) {
          return false;
        }
      }
    }
    return true;
  }

  /// Sends what was taken, and forgets the multicast.
  void send() {
    for (Part part : parts) {
      LinkId[] links = part.links().toArray(LinkId[]::new);
      tally.count(Tally.Count.MULTICASTS_OUT, links.length);
      tally.count(Tally.Count.PRUNED_OUT, links.length);
      turn.effects().add(new Effect.Forward(links, part.multicast()));
    }
    parts.clear();
    looked = false;
    prunable = null;
  }
}
