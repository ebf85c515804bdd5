package dev.banyan.store.room;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How much this worker may want: what its parent takes. Where there is no room for more, what was used least is let go
/// before its time. If nothing can be, a read of another key is answered by asking, each time; a write of another key and
/// a watch are refused, as nobody could find the one, and the other would miss changes.
///
/// If it comes to be less than what is wanted already, as under another parent, some keys are not advertised any more:
/// those used longest ago first, those whose newest write was made here last. They come back when there is room.
public final class Allotment {

  private static final Comparator<Interest> LONGEST_UNUSED =
      Comparator.<Interest>comparingLong(interest -> interest.use.lastNanos())
          .thenComparingLong(interest -> interest.tag);

  private final NodeId self;
  private final Names names;
  private final InterestBook interests;
  private final Holdings holdings;
  private final Fading fading;
  private final Counters counters;
  private final StoreTurn turn;
  private NodeId parent;
  private int tags = Integer.MAX_VALUE;

  public Allotment(
      NodeId self,
      Names names,
      InterestBook interests,
      Holdings holdings,
      Fading fading,
      Counters counters,
      StoreTurn turn) {
    this.self = self;
    this.parent = self;
    this.names = names;
    this.interests = interests;
    this.holdings = holdings;
    this.fading = fading;
    this.counters = counters;
    this.turn = turn;
  }

  /// The parent has said how much may be wanted from now on.
  public void onMayWant(Effect.MayWant said) {
    tags = said.tags();
    parent = said.parent();
    interests.room(tags);
    boolean before = !interests.silent().isEmpty();
    if (interests.free() < 0) {
      silence();
    } else {
      speak();
    }
    int left = interests.silent().size();
    if (before != left > 0) {
      turn.pass(
          new Effect.Report(
              Effect.Report.Kind.INTEREST_LIMITED,
              parent,
              left == 0 ? "there is room for all that is wanted again" : limit(),
              left));
    }
  }

  private void silence() {
    List<Interest> keys = new ArrayList<>();
    for (Interest interest : interests.all()) {
      if (!interest.prefix() && !interest.silent() && !interest.watched()) {
        keys.add(interest);
      }
    }
    keys.sort(Comparator.comparing(this::isOwn).thenComparing(LONGEST_UNUSED));
    int from = 0;
    while (interests.free() < 0 && from < keys.size()) {
      int to = Math.min(keys.size(), from - interests.free());
      interests.silence(keys.subList(from, to));
      counters.add(Counters.Count.SILENCED, to - from);
      from = to;
    }
  }

  private boolean isOwn(Interest interest) {
    Entry entry = holdings.find(interest.tag);
    return entry != null && entry.isOurs(self);
  }

  /// Whose newest write was made here first: only here they can be found.
  private void speak() {
    List<Interest> silent = new ArrayList<>(interests.silent());
    silent.sort(Comparator.comparing(this::isOwn).thenComparing(LONGEST_UNUSED).reversed());
    for (Interest interest : silent) {
      if (interests.tagsOf(interest) > interests.free()) {
        return;
      }
      interests.speak(interest);
    }
  }

  /// Makes room for these keys to be found by others, and kept current.
  ///
  /// @return why that cannot be, or nothing
  public String takeKeys(List<String> keys) {
    if (tags == Integer.MAX_VALUE) {
      return "";
    }
    List<String> own = new ArrayList<>(keys.size());
    for (String key : keys) {
      Interest known = interests.get(names.keyTag(key));
      boolean covered = known == null && interests.covering(names.recordTags(key)) != null;
      if (!covered && (known == null || known.silent())) {
        own.add(key);
      }
    }
    return own.isEmpty() ? "" : take(interests.tagsOf(own));
  }

  /// Makes room for the watch of a prefix: two tags, and one for asking.
  public String takePrefix(long tag) {
    return interests.get(tag) == null ? take(4) : "";
  }

  private String take(int needed) {
    if (interests.free() < needed) {
      fading.shedTags(needed - interests.free());
    }
    return interests.free() < needed ? limit() : "";
  }

  /// A key is used: it is advertised, if there is room by now.
  public void use(Interest interest) {
    if (interest.silent() && take(interests.tagsOf(interest)).isEmpty()) {
      interests.speak(interest);
    }
  }

  private String limit() {
    return "this worker may want at most "
        + tags
        + " tags: raise --max-tags-per-link of router "
        + parent
        + " or of one above it, or want less";
  }
}
