package dev.banyan.store.interest;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Sealing;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.WritableHoldings;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which tags this worker wants and why, and the presence tags under which those who watch a prefix find the keys it
/// holds. As a write carries the tags of its prefixes, too, it asks about those without wanting them: else such updates
/// would always go up to the root. Tells the node of every change, so that what is asked or published afterwards follows the advertisement.
public final class InterestBook {

  private static final long[] NOTHING = {};

  private final Names names;
  private final WritableHoldings holdings;
  private final StoreTurn turn;
  private final LongMap<Interest> byTag;

  /// How many interests want each presence tag advertised. That of everything is advertised while there is any interest.
  private final LongMap<Presence> presences;

  private final long presenceTag;

  private final Interest.Era era = new Interest.Era();

  private @Nullable Interest everything;

  /// Those that are not advertised, for want of room, in the order in which they came to be.
  private final Set<Interest> silent = new LinkedHashSet<>();

  private int advertised;
  private int room = Integer.MAX_VALUE;

  private static final class Presence {
    int holders;
  }

  /// @param tableSeed random: tags are chosen by others
  public InterestBook(Names names, WritableHoldings holdings, StoreTurn turn, long tableSeed) {
    byTag = new LongMap<>(tableSeed);
    presences = new LongMap<>(tableSeed);
    this.names = names;
    this.holdings = holdings;
    this.turn = turn;
    presenceTag = names.presenceTag(Names.EVERYTHING);
  }

  /// How many tags may be advertised at one time.
  public void room(int tags) {
    room = tags;
  }

  /// How many more tags may be advertised; negative while it are too many.
  public int free() {
    return room - advertised;
  }

  /// Those that are not advertised, for want of room.
  public List<Interest> silent() {
    return List.copyOf(silent);
  }

  /// How many tags these keys would take, each wanted on its own, besides what is advertised.
  public int tagsOf(List<String> keys) {
    Set<String> prefixes = new LinkedHashSet<>();
    keys.forEach(key -> prefixes.addAll(names.declaredPrefixes(key)));
    return keys.size() - 1 + tagsFor(presencesOf(prefixes));
  }

  /// How many tags the interest takes, or would take, besides what others advertise.
  public int tagsOf(Interest interest) {
    return tagsFor(presencesOf(presentUnder(interest)));
  }

  private int presencesOf(Collection<String> prefixes) {
    int missing = 0;
    for (String prefix : prefixes) {
      missing += presences.containsKey(names.presenceTag(prefix)) ? 0 : 1;
    }
    return missing;
  }

  private int tagsFor(int presencesMissing) {
    return 1 + (advertised == 0 ? 1 : 0) + 2 * presencesMissing;
  }

  /// The interest in this very tag.
  @Nullable
  public Interest get(long tag) {
    return byTag.get(tag);
  }

  /// The interest in everything.
  @Nullable
  public Interest everything() {
    return everything;
  }

  /// The interest in this very tag, else the one in everything.
  @Nullable Interest following(long tag) {
    Interest own = byTag.get(tag);
    return own == null ? everything : own;
  }

  /// Those that are advertised.
  public long[] sortedTags() {
    long[] all = byTag.sortedKeys();
    return silent.isEmpty() ? all : Arrays.stream(all).filter(this::advertises).toArray();
  }

  private boolean advertises(long tag) {
    Interest interest = byTag.get(tag);
    return interest != null && !interest.silent();
  }

  public int size() {
    return byTag.size();
  }

  /// All interests, by ascending tag.
  public List<Interest> all() {
    List<Interest> all = new ArrayList<>(byTag.size());
    byTag.forEachValue(all::add);
    all.sort((a, b) -> Long.compare(a.tag, b.tag));
    return all;
  }

  /// Unsettles them all.
  public void endEra() {
    era.end();
  }

  boolean wants(long tag) {
    return everything != null || byTag.containsKey(tag);
  }

  /// Whether updates of the tag come here.
  public boolean hears(long tag) {
    return everything != null || advertises(tag);
  }

  public boolean wantsAny(long[] tags) {
    if (everything != null) {
      return true;
    }
    for (long tag : tags) {
      if (byTag.containsKey(tag)) {
        return true;
      }
    }
    return false;
  }

  /// The interest that makes a key's records come here, one that has missed nothing if there is one.
  @Nullable
  public Interest covering(long[] tags) {
    Interest best = everything;
    for (long tag : tags) {
      Interest interest = byTag.get(tag);
      if (interest != null && (best == null || better(interest, best))) {
        best = interest;
      }
    }
    return best;
  }

  private static boolean better(Interest a, Interest b) {
    if (a.whole() != b.whole()) {
      return a.whole();
    }
    return a.name.length() > b.name.length();
  }

  public Interest wantKey(String key, long tag, long[] tags) {
    Interest known = byTag.get(tag);
    if (known != null) {
      return known;
    }
    List<String> prefixes = names.declaredPrefixes(key);
    long[] plan = new long[prefixes.size() + 1];
    plan[0] = tag;
    for (int i = 0; i < prefixes.size(); i++) {
      plan[i + 1] = names.prefixTag(prefixes.get(i));
    }
    Interest covering = covering(tags);
    Interest interest = new Interest(tag, key, false, plan, era);
    if (covering != null) {
      // Everything that came under the covering tag was this key's too.
      if (covering.whole()) {
        interest.settle(covering.followedSinceMillis());
      }
    }
    byTag.put(tag, interest);
    if (tagsFor(presencesOf(prefixes)) <= free()) {
      advertise(interest, prefixes);
    } else {
      interest.silence();
      silent.add(interest);
    }
    return interest;
  }

  /// Since when nothing was missed of a key, whichever interest it is that knows: its own, that in a prefix, that in everything
  /// ([Interest#followedSinceMillis]).
  public long followedSinceMillis(String key) {
    long since = followedSinceMillis(byTag.get(names.keyTag(key)));
    for (String prefix : names.declaredPrefixes(key)) {
      since = Math.min(since, followedSinceMillis(byTag.get(names.prefixTag(prefix))));
    }
    return Math.min(since, followedSinceMillis(everything));
  }

  private static long followedSinceMillis(@Nullable Interest interest) {
    return interest != null && (interest.whole() || interest.silent())
        ? interest.followedSinceMillis()
        : Sealing.NEVER;
  }

  public Interest wantPrefix(String prefix) {
    long tag = names.prefixTag(prefix);
    Interest known = byTag.get(tag);
    if (known != null) {
      return known;
    }
    List<String> shorter = names.declaredPrefixes(prefix);
    long[] plan = new long[shorter.size()];
    plan[0] = names.presenceTag(prefix);
    Interest settledAbove = everything != null && everything.whole() ? everything : null;
    for (int i = 1; i < shorter.size(); i++) {
      plan[i] = names.prefixTag(shorter.get(i));
      Interest above = byTag.get(plan[i]);
      if (above != null && above.whole()) {
        settledAbove = above;
      }
    }
    Interest interest = new Interest(tag, prefix, true, plan, era);
    if (settledAbove != null) {
      interest.settle(settledAbove.followedSinceMillis());
    }
    count(interest);
    byTag.put(tag, interest);
    advertise(interest, List.of(prefix));
    return interest;
  }

  /// Wants every update there is. Asked are first those who want everything too, then all who hold anything: as long as
  /// nobody who wants everything has missed nothing, that is the only way to all there was before.
  public Interest wantEverything() {
    if (everything != null) {
      return everything;
    }
    long tag = names.prefixTag(Names.EVERYTHING);
    Interest interest =
        new Interest(tag, Names.EVERYTHING, true, new long[] {tag, presenceTag}, era);
    count(interest);
    byTag.put(tag, interest);
    everything = interest;
    turn.toTree(new Event.WantAll(true));
    advertise(interest, List.of());
    return interest;
  }

  private void count(Interest interest) {
    Checksums checksums = interest.checksums;
    if (checksums != null) {
      holdings.under(interest.name, e -> checksums.added(e.tag, e.versionHash()));
    }
  }

  private void advertise(Interest interest, List<String> presentUnder) {
    long[] added = new long[2 * presentUnder.size() + 2];
    int n = 0;
    added[n++] = interest.tag;
    if (advertised == 0) {
      added[n++] = presenceTag;
    }
    for (String prefix : presentUnder) {
      long tag = names.presenceTag(prefix);
      Presence presence = presences.get(tag);
      if (presence == null) {
        presence = new Presence();
        presences.put(tag, presence);
        added[n++] = tag;
        added[n++] = Tags.asking(names.prefixTag(prefix));
      }
      presence.holders++;
    }
    advertised += n;
    turn.toTree(new Event.ChangeInterest(Arrays.copyOf(added, n), NOTHING));
  }

  /// There is room for it now. What was asked before it is advertised does not count.
  public void speak(Interest interest) {
    silent.remove(interest);
    interest.speak();
    advertise(interest, presentUnder(interest));
  }

  /// There is no room for these: they are wanted still, and nobody is told.
  public void silence(List<Interest> interests) {
    for (Interest interest : interests) {
      interest.silence();
    }
    withdrawTags(interests);
    silent.addAll(interests);
  }

  /// Withdraws an interest nobody wants any more, and forgets what no other interest covers. Keys that were used here
  /// and were covered by a prefix become interests of their own, in time for nothing to be missed between.
  ///
  /// @return those new interests
  public List<Interest> withdraw(Interest interest) {
    List<Interest> own = new ArrayList<>();
    List<Entry> dropped = new ArrayList<>();
    if (interest.prefix()) {
      holdings.under(
          interest.name,
          entry -> {
            if (entry.isUsed() && !byTag.containsKey(entry.tag)) {
              own.add(wantKey(entry.key, entry.tag, entry.tags));
            }
          });
    }
    forget(interest);
    if (interest.prefix()) {
      holdings.under(
          interest.name,
          entry -> {
            if (!wantsAny(entry.tags)) {
              dropped.add(entry);
            }
          });
    } else {
      Entry entry = holdings.find(interest.tag);
      if (entry != null && !wantsAny(entry.tags)) {
        dropped.add(entry);
      }
    }
    dropped.forEach(holdings::remove);
    withdrawTags(silent.remove(interest) ? List.of() : List.of(interest));
    return own;
  }

  /// Withdraws interests in keys, all at once, and forgets what no other interest covers.
  public void withdrawKeys(List<Interest> keys) {
    for (Interest interest : keys) {
      forget(interest);
      Entry entry = holdings.find(interest.tag);
      if (entry != null && !wantsAny(entry.tags)) {
        holdings.remove(entry);
      }
    }
    withdrawTags(keys.stream().filter(interest -> !silent.remove(interest)).toList());
  }

  private void forget(Interest interest) {
    byTag.remove(interest.tag);
    interest.end();
    if (interest == everything) {
      everything = null;
    }
  }

  private void withdrawTags(List<Interest> withdrawn) {
    if (withdrawn.isEmpty()) {
      return;
    }
    List<Long> removed = new ArrayList<>();
    for (Interest interest : withdrawn) {
      removed.add(interest.tag);
      for (String prefix : presentUnder(interest)) {
        long tag = names.presenceTag(prefix);
        Presence presence = presences.get(tag);
        if (presence != null && --presence.holders == 0) {
          presences.remove(tag);
          removed.add(tag);
          removed.add(Tags.asking(names.prefixTag(prefix)));
        }
      }
      if (interest.name.isEmpty()) {
        turn.toTree(new Event.WantAll(false));
      }
    }
    advertised -= removed.size();
    if (advertised == 1) {
      advertised = 0;
      removed.add(presenceTag);
    }
    turn.toTree(
        new Event.ChangeInterest(NOTHING, removed.stream().mapToLong(Long::longValue).toArray()));
  }

  private List<String> presentUnder(Interest interest) {
    if (!interest.prefix()) {
      return names.declaredPrefixes(interest.name);
    }
    return interest.name.isEmpty() ? List.of() : List.of(interest.name);
  }

  /// Says that an entry came to be, so that the prefixes that cover it count it.
  public void added(Entry entry) {
    if (everything != null && everything.checksums != null) {
      everything.checksums.added(entry.tag, entry.versionHash());
    }
    for (long tag : entry.tags) {
      Interest interest = byTag.get(tag);
      if (interest != null && interest.checksums != null) {
        interest.checksums.added(entry.tag, entry.versionHash());
      }
    }
  }

  /// Says that an entry is no more, though it is still wanted.
  public void removed(Entry entry) {
    if (everything != null && everything.checksums != null) {
      everything.checksums.removed(entry.tag, entry.versionHash());
    }
    for (long tag : entry.tags) {
      Interest interest = byTag.get(tag);
      if (interest != null && interest.checksums != null) {
        interest.checksums.removed(entry.tag, entry.versionHash());
      }
    }
  }

  /// Says that an entry's version hash changed by this difference.
  public void changed(Entry entry, long hashDifference) {
    if (everything != null && everything.checksums != null) {
      everything.checksums.changed(entry.tag, hashDifference);
    }
    for (long tag : entry.tags) {
      Interest interest = byTag.get(tag);
      if (interest != null && interest.checksums != null) {
        interest.checksums.changed(entry.tag, hashDifference);
      }
    }
  }
}
