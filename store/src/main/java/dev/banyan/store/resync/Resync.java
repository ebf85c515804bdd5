package dev.banyan.store.resync;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.store.Version;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Repairs replicas after gaps and changes of path, in both directions: digests of what is held go to whoever wants the
/// same tags; who holds more says it again, who holds less asks by a digest of its own. Each waits a random time, and
/// leaves unsaid what somebody else has said meanwhile, so the cost follows what differs, not who is there.
public final class Resync {

  /// Claims of our own sent at one time; the rest follow after [#PACE_NANOS]. Guesses: some 5 MB/s for keys, 25 for prefixes.
  private static final int CLAIMS_AT_ONCE = 512;

  /// What a prefix counts for among those.
  private static final int PREFIX_CLAIMS = 16;

  /// Keys told of at one time; of more, a part after the other. A guess: some 160 KiB.
  private static final int DETAIL_KEYS = 4 * Digest.MAX_PAIRS;

  /// What a record counts for beside its payload.
  private static final int RECORD_BYTES = 96;

  private static final long PACE_NANOS = 5_000_000;

  private final Holdings holdings;
  private final InterestBook interests;
  private final Names names;
  private final HybridClock clock;
  private final Fetches fetches;
  private final Publisher publisher;
  private final Counters counters;
  private final StoreTurn turn;
  private final RandomGenerator random;
  private final Spreads spreads;
  private final Alarm alarm;
  private final ReplyPace pace;
  private final Replies replies;
  private final TagOrder order;
  private final Ranges ranges;
  private final Early early;
  private boolean connected;

  /// Keys, by tag, and prefixes whose digest is to be sent.
  private final LinkedHashMap<Long, String> keys = new LinkedHashMap<>();

  private final LinkedHashMap<Long, Interest> prefixes = new LinkedHashMap<>();

  public Resync(
      Holdings holdings,
      InterestBook interests,
      Names names,
      HybridClock clock,
      Fetches fetches,
      Publisher publisher,
      Counters counters,
      StoreTurn turn,
      RandomGenerator random,
      Spreads spreads,
      ReplyPace pace) {
    this.holdings = holdings;
    this.interests = interests;
    this.names = names;
    this.clock = clock;
    this.fetches = fetches;
    this.publisher = publisher;
    this.counters = counters;
    this.turn = turn;
    this.random = random;
    this.spreads = spreads;
    this.pace = pace;
    this.alarm = new Alarm(StoreTimer.DIGEST, turn);
    this.replies = new Replies(random, spreads, pace, counters, turn);
    this.order = new TagOrder(holdings, counters, turn);
    this.ranges = new Ranges(order, this::compare, counters, turn);
    this.early = new Early(clock, turn, this::askIfMissing);
  }

  /// Digests wait while nobody would hear them.
  public void connected(boolean now) {
    connected = now;
    if (now && !(keys.isEmpty() && prefixes.isEmpty())) {
      begin();
    }
  }

  /// Will tell what is held of an interest.
  void announce(Interest interest) {
    if (interest.prefix()) {
      prefixes.put(interest.tag, interest);
    } else {
      keys.put(interest.tag, interest.name);
    }
    begin();
  }

  /// Will tell what is held of a key that is wanted through a prefix only.
  void announce(Entry entry) {
    keys.put(entry.tag, entry.key);
    begin();
  }

  private void begin() {
    if (connected && !alarm.isSet()) {
      counters.count(Counters.Count.RESYNCS);
      alarm.by(turn.nowNanos() + random.nextLong(spreads.digestNanos()));
    }
  }

  /// Asks for a key that somebody is known to hold a newer write of.
  public void ask(long keyTag, long[] tags, Version wanted) {
    replies.schedule(new Replies.Ask(keyTag, tags, wanted));
  }

  /// A write of a key was refused because it cannot have been made yet: asks for it when it can, unless a newer one has come.
  public void tooEarly(long keyTag, long[] tags, Version version) {
    early.refused(keyTag, tags, version);
  }

  public void onEarlyTimer(long generation) {
    early.onTimer(generation);
  }

  private void askIfMissing(long keyTag, long[] tags, Version wanted) {
    Optional<Version> mine = clock.version(Entry.newestOf(holdings.find(keyTag)));
    if (interests.wantsAny(tags) && compare(mine, Optional.of(wanted)) < 0) {
      ask(keyTag, tags, wanted);
    }
  }

  public void forget(Interest interest) {
    keys.remove(interest.tag);
    prefixes.remove(interest.tag);
    if (!interest.prefix()
        && replies.wanted(interest.tag) != null
        && !interests.wantsAny(names.recordTags(interest.name))) {
      replies.cancelAsk(interest.tag);
    }
  }

  /// A multicast brought this write of a key: whoever was going to send it, or to ask for it, need not.
  public void heard(Entry entry, Write write) {
    if (replies.isEmpty()) {
      return;
    }
    if (write.compareTo(entry.newest()) >= 0) {
      replies.cancelRepublish(entry.tag);
    }
    fetched(entry);
  }

  /// An answer, which nobody else has heard, brought a write of a key: it need not be asked for if that is what is
  /// known to be missing.
  public void fetched(Entry entry) {
    if (replies.isEmpty()) {
      return;
    }
    Version wanted = replies.wanted(entry.tag);
    if (wanted != null && entry.newest().version().compareTo(wanted) >= 0) {
      replies.cancelAsk(entry.tag);
    }
  }

  /// @param from who says that it holds this
  public void onDigest(NodeId from, Digest digest) {
    counters.count(Counters.Count.DIGESTS_RECEIVED);
    for (Digest.Claim claim : digest.claims()) {
      switch (claim) {
        case Digest.OfKey key -> {
          if (interests.wantsAny(key.tags())) {
            Entry entry = holdings.find(key.keyTag());
            Optional<Version> theirs = believable(key.keyTag(), key.tags(), key.held());
            if (compare(from, key.keyTag(), key.tags(), theirs, entry)
                && keys.remove(key.keyTag()) != null) {
              counters.count(Counters.Count.DIGESTS_SPARED);
            }
          }
        }
        case Digest.OfPrefix prefix -> onPrefix(from, prefix);
        case Digest.OfRange range -> onRange(from, range);
      }
    }
    forgetOrder();
  }

  private void forgetOrder() {
    if (ranges.isEmpty() && replies.isEmpty()) {
      order.forget();
    }
  }

  /// A version that cannot be yet is as good as none.
  private Optional<Version> believable(long keyTag, long[] tags, Optional<Version> theirs) {
    if (theirs.isPresent() && clock.isFuture(theirs.get().lamport())) {
      counters.count(Counters.Count.FUTURE);
      tooEarly(keyTag, tags, theirs.get());
      return Optional.empty();
    }
    return theirs;
  }

  /// Compares what somebody holds of a key with what is held here.
  ///
  /// @return whether it is no newer: who heard it need not hear of ours too
  private boolean compare(
      NodeId from, long keyTag, long[] tags, Optional<Version> theirs, @Nullable Entry entry) {
    Optional<Version> mine = clock.version(Entry.newestOf(entry));
    int order = compare(mine, theirs);
    if (order < 0) {
      keys.remove(keyTag);
      theirs.ifPresent(wanted -> ask(keyTag, entry == null ? tags : entry.tags, wanted));
      return false;
    }
    if (replies.cancelAsk(keyTag)) {
      counters.count(Counters.Count.DIGESTS_SPARED);
    }
    if (order > 0 && entry != null) {
      lacks(from, entry);
    }
    return true;
  }

  /// Somebody lacks the newest write of a key.
  private void lacks(NodeId who, Entry entry) {
    int bytes = RECORD_BYTES + entry.newest().record.payload().size();
    replies.schedule(new Replies.Republish(entry.tag), who, bytes);
  }

  private static int compare(Optional<Version> a, Optional<Version> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isPresent(), b.isPresent());
    }
    return a.get().compareTo(b.get());
  }

  private void onPrefix(NodeId from, Digest.OfPrefix theirs) {
    Interest interest = interests.get(theirs.prefixTag());
    if (interest == null || interest.checksums == null) {
      return;
    }
    if (prefixes.remove(interest.tag) != null) {
      counters.count(Counters.Count.DIGESTS_SPARED);
    }
    int bits = Integer.numberOfTrailingZeros(theirs.checksums().length);
    long[] mine = interest.checksums.folded(bits);
    for (int bucket = 0; bucket < mine.length; bucket++) {
      if (mine[bucket] != theirs.checksums()[bucket]) {
        long bytes = (long) interest.checksums.count() * Digest.PAIR_BYTES >> bits;
        replies.schedule(new Replies.Detail(interest, bits, bucket), from, bytes);
      }
    }
  }

  private void onRange(NodeId from, Digest.OfRange theirs) {
    Interest interest = interests.get(theirs.prefixTag());
    if (interest == null || interest.checksums == null) {
      return;
    }
    for (int bits = 0; bits <= Checksums.MAX_BITS; bits++) {
      int bucket = Checksums.bucket(theirs.lowest(), bits);
      if (Checksums.lowest(bucket, bits) == theirs.lowest()
          && Checksums.highest(bucket, bits) == theirs.highest()
          && replies.cancelDetail(new Replies.Detail(interest, bits, bucket))) {
        counters.count(Counters.Count.DIGESTS_SPARED);
      }
    }
    ranges.add(interest, from, theirs);
  }

  public void onRangeTimer(long generation) {
    ranges.onTimer(generation);
    forgetOrder();
  }

  private void compare(Interest interest, NodeId from, Digest.OfRange theirs) {
    List<Entry> entries = order.between(interest, theirs.lowest(), theirs.highest());
    int mine = 0;
    for (Digest.Pair pair : theirs.pairs()) {
      while (mine < entries.size() && entries.get(mine).tag < pair.keyTag()) {
        lacks(from, entries.get(mine++));
      }
      boolean both = mine < entries.size() && entries.get(mine).tag == pair.keyTag();
      Entry entry = both ? entries.get(mine++) : null;
      long[] tags = {pair.keyTag(), interest.tag};
      // Readers of the key alone have not heard this pair: our own announcement to them stands.
      Optional<Version> said = believable(pair.keyTag(), tags, Optional.of(pair.version()));
      compare(from, pair.keyTag(), tags, said, entry);
    }
    while (mine < entries.size()) {
      lacks(from, entries.get(mine++));
    }
  }

  public void onDigestTimer(long generation) {
    if (!alarm.fired(generation) || !connected) {
      return;
    }
    List<Digest.Claim> claims = new ArrayList<>();
    int room = CLAIMS_AT_ONCE;
    Iterator<Interest> nextPrefix = prefixes.values().iterator();
    while (nextPrefix.hasNext() && room > 0) {
      Interest interest = nextPrefix.next();
      Checksums checksums = interest.checksums;
      if (checksums != null) {
        claims.add(new Digest.OfPrefix(interest.tag, checksums.folded(checksums.bits())));
        saidFirst(interest);
      }
      nextPrefix.remove();
      room -= PREFIX_CLAIMS;
    }
    Iterator<String> nextKey = keys.values().iterator();
    while (nextKey.hasNext() && room > 0) {
      Digest.OfKey claim = claimOf(nextKey.next());
      claims.add(claim);
      saidFirst(interests.get(claim.keyTag()));
      nextKey.remove();
      room--;
    }
    send(claims);
    if (!keys.isEmpty() || !prefixes.isEmpty()) {
      alarm.by(turn.nowNanos() + PACE_NANOS);
    }
  }

  /// Of all who miss the same, the one that speaks first also asks first.
  private void saidFirst(@Nullable Interest interest) {
    if (interest != null) {
      fetches.notBefore(interest, turn.nowNanos() + 2 * spreads.replyNanos());
    }
  }

  private Digest.OfKey claimOf(String key) {
    long keyTag = names.keyTag(key);
    Entry entry = holdings.find(keyTag);
    return entry == null
        ? new Digest.OfKey(keyTag, names.recordTags(key), Optional.empty())
        : new Digest.OfKey(keyTag, entry.tags, clock.version(entry.newest()));
  }

  public void onReplyTimer(long generation) {
    if (!replies.isTime(generation)) {
      return;
    }
    if (pace.waitNanos() == 0) {
      pace.sent(reply());
    }
    replies.goOn(turn.nowNanos() + pace.waitNanos());
  }

  /// Says what is due, as much as may be said at one time.
  ///
  /// @return how many bytes that were
  private long reply() {
    List<Digest.Claim> claims = new ArrayList<>();
    List<Record> again = new ArrayList<>();
    long bytes = 0;
    long claimed = 0;
    Replies.What what = replies.next();
    while (what != null) {
      int claimsBefore = claims.size();
      switch (what) {
        case Replies.Ask ask -> {
          Entry entry = holdings.find(ask.keyTag());
          claims.add(
              new Digest.OfKey(
                  ask.keyTag(),
                  entry == null ? ask.tags() : entry.tags,
                  clock.version(Entry.newestOf(entry))));
        }
        case Replies.Republish republish -> {
          Entry entry = holdings.find(republish.keyTag());
          if (entry != null) {
            again.add(entry.newest().record);
            bytes += RECORD_BYTES + entry.newest().record.payload().size();
          }
        }
        case Replies.Detail detail -> {
          long wait = detail.interest().gone() ? 0 : order.waitNanos();
          if (wait > 0) {
            replies.postpone(what, wait);
          } else {
            claims.addAll(detail(detail));
          }
        }
      }
      for (Digest.Claim claim : claims.subList(claimsBefore, claims.size())) {
        claimed += Digest.sizeOf(claim);
      }
      what = bytes + claimed < ReplyPace.ROUND_BYTES ? replies.next() : null;
    }
    send(claims);
    forgetOrder();
    if (!again.isEmpty()) {
      counters.add(Counters.Count.REPUBLISHED, again.size());
      counters.add(Counters.Count.RESYNC_BYTES, bytes - (long) RECORD_BYTES * again.size());
      publisher.again(again);
    }
    return bytes + claimed;
  }

  private List<Digest.Claim> detail(Replies.Detail detail) {
    Interest interest = detail.interest();
    if (interest.gone()) {
      return List.of();
    }
    long lowest = Checksums.lowest(detail.bucket(), detail.bits());
    long highest = Checksums.highest(detail.bucket(), detail.bits());
    List<Entry> entries = order.between(interest, lowest, highest);
    int bits = detail.bits();
    while (bits < Checksums.MAX_BITS && entries.size() >> (bits - detail.bits()) > DETAIL_KEYS) {
      bits++;
    }
    int parts = 1 << (bits - detail.bits());
    if (parts > 1) {
      for (int part = 0; part < parts; part++) {
        replies.postpone(new Replies.Detail(interest, bits, detail.bucket() * parts + part), 0);
      }
      return List.of();
    }
    List<Digest.Claim> claims = new ArrayList<>();
    List<Digest.Pair> pairs = new ArrayList<>();
    for (Entry entry : entries) {
      if (clock.version(entry.newest()).isEmpty()) {
        continue;
      }
      if (pairs.size() == Digest.MAX_PAIRS) {
        claims.add(new Digest.OfRange(interest.tag, lowest, entry.tag - 1, pairs));
        lowest = entry.tag;
        pairs = new ArrayList<>();
      }
      pairs.add(new Digest.Pair(entry.tag, entry.newest().version()));
    }
    claims.add(new Digest.OfRange(interest.tag, lowest, highest, pairs));
    return claims;
  }

  private void send(List<Digest.Claim> claims) {
    List<Record> records = new ArrayList<>();
    for (Digest.Parcel parcel : Digest.pack(claims)) {
      long[] tags = parcel.tags();
      records.add(publisher.unchained(Arrays.copyOf(tags, tags.length), parcel.payload()));
      counters.count(Counters.Count.DIGESTS_SENT);
      counters.add(Counters.Count.RESYNC_BYTES, parcel.payload().size());
    }
    publisher.publishNow(records);
  }
}
