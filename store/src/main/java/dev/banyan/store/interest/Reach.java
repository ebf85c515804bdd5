package dev.banyan.store.interest;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.Heads.Head;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.write.Names;
import java.util.ArrayList;
import java.util.List;

/// How far this worker has heard what others write, compared with what others say that they have heard ([Heads]). A router can drop what a worker
/// follows, and nobody notices until something of the same writer comes; but whoever asks that worker may know better.
///
/// Who asks names what it has known for a while. Who is asked, and follows a tag, looks for what it had not heard of: until it has done so nothing
/// of that tag is whole here. What it says when it is whole names its heads in turn; an answer that does not reach what the question named
/// is not taken for a whole one.
public final class Reach {

  private final NodeId self;
  private final Session session;
  private final Names names;
  private final InterestBook interests;
  private final TagChains chains;
  private final KnownHeads known;
  private final Counters counters;

  /// @param session this life's: nobody knows more of it
  public Reach(
      NodeId self,
      Session session,
      Names names,
      InterestBook interests,
      TagChains chains,
      KnownHeads known,
      Counters counters) {
    this.self = self;
    this.session = session;
    this.names = names;
    this.interests = interests;
    this.chains = chains;
    this.known = known;
    this.counters = counters;
  }

  /// What a question about the interest is to name.
  public List<Heads> named(Interest interest) {
    return known.named(tagsOf(interest));
  }

  /// Those that records under the interest all have, as far as it is declared: that of a key, and those of prefixes.
  private long[] tagsOf(Interest interest) {
    List<String> prefixes = names.declaredPrefixes(interest.name);
    List<Long> tags = new ArrayList<>();
    if (!interest.name.isEmpty()) {
      tags.add(interest.tag);
    }
    for (String prefix : prefixes) {
      long tag = names.prefixTag(prefix);
      if (tag != interest.tag) {
        tags.add(tag);
      }
    }
    return tags.stream().mapToLong(Long::longValue).toArray();
  }

  /// Whoever asks knows of these.
  public void told(List<Heads> asked) {
    for (Heads heads : asked) {
      if (interests.following(heads.tag()) != null) {
        for (Head head : heads.known()) {
          if (!isOwn(head) && !known.reaches(heads.tag(), head)) {
            counters.count(Counters.Count.HEADS_UNHEARD);
            chains.expect(heads.tag(), head);
          }
        }
        known.heard(heads);
      }
    }
  }

  private boolean isOwn(Head head) {
    return head.writer().equals(self) && head.session().equals(session);
  }

  /// What an answer shows because of an interest that is whole.
  ///
  /// @param asked what the question named
  /// @param tag of what was asked for, if whoever answers follows everything
  public Heads shown(Interest whole, List<Heads> asked, long tag) {
    if (!whole.name.isEmpty()) {
      return known.of(whole.tag);
    }
    return known.of(asked.isEmpty() ? tag : asked.getLast().tag());
  }

  /// Whether an answer shows less than its question has named, of the tag that it shows.
  public static boolean isBehind(Heads shown, List<Heads> named) {
    return named.stream().anyMatch(heads -> heads.tag() == shown.tag() && !shown.reaches(heads));
  }

  /// A worker to whom nothing is missing has shown this, and the interest is settled by that.
  public void learned(Interest interest, Heads shown) {
    for (long tag : tagsOf(interest)) {
      if (tag == shown.tag()) {
        known.heard(shown);
        if (tag == interest.tag) {
          shown.known().forEach(head -> chains.begin(tag, head));
        }
      }
    }
  }
}
