package dev.banyan.store.interest;

import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.holdings.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tag this worker wants: that of one key, or of one declared prefix, or everything. Why it wants it, and whether it
/// has missed anything of it.
///
/// Legal transitions:
///
/// | from | by | to | who |
/// |---|---|---|---|
/// | new | the [book][InterestBook] | advertised, or silent for want of room | the book alone |
/// | advertised | [#silence] | silent, unsettled | the book alone |
/// | silent | [#speak] | advertised, unsettled | the book alone |
/// | either | [#end] | gone, for good | the book alone |
/// | unsettled | [#settle] | settled, if it is advertised | a question that was answered, asked after the tag was advertised and not overtaken by a gap |
/// | any | [#unsettle], [Era#end] | unsettled | a gap, a hole or a change of path |
/// | any | [#suspect] | in doubt: settled or not, but not [whole][#whole] | a record that is ahead of its predecessor |
/// | in doubt | [#acquit], once for each [#suspect] | as it was before | the predecessor, or whoever unsettles it |
///
/// Any other throws.
public final class Interest {

  /// Memory that an interest takes here and in the node's tables, next to the entry. Measured.
  public static final int BYTES = 450;

  private static final long NEVER = -1;

  public final long tag;
  public final String name;

  /// Null for a key; of a declared prefix, or of everything, the checksums of what is held under it.
  final @Nullable public Checksums checksums;

  /// How it is used here.
  public final Use use = new Use();

  /// Tags to ask, in turn, until a settled holder answers.
  private final long[] plan;

  private final Era era;
  private boolean everSettled;

  /// The era in which it was settled; it is settled no more when that has ended.
  private long settledIn = NEVER;

  private long followedSinceMillis = Sealing.NEVER;

  private long unsettlings;

  /// Chains of records with this tag that wait for a predecessor.
  private int suspicions;

  private boolean silent;
  private boolean gone;
  private int watches;
  private final ArrayDeque<StoreCommand.Read> waiting = new ArrayDeque<>(0);
  private List<Entry> blindWrites = List.of();

  /// Ends whenever anything may have been missed: what was settled before, or asked, counts no more. Shared by all
  /// interests, so that unsettling them all costs nothing.
  static final class Era {
    private long number;

    void end() {
      number++;
    }
  }

  Interest(long tag, String name, boolean prefix, long[] plan, Era era) {
    this.era = era;
    this.tag = tag;
    this.name = name;
    this.checksums = prefix ? new Checksums() : null;
    this.plan = plan;
  }

  public boolean prefix() {
    return checksums != null;
  }

  /// How many tags there are to ask.
  public int steps() {
    return plan.length;
  }

  /// The tag to ask at that step: of a key its own, then those of its prefixes, the longest first.
  public long step(int number) {
    return plan[number];
  }

  // Whether anything is missing.

  public boolean settled() {
    return settledIn == era.number;
  }

  /// Whether it ever was: whoever reads it is served with what was there then, at least.
  public boolean everSettled() {
    return everSettled;
  }

  /// Nothing is missing, as of now. Of a silent one updates do not come here, so it is not settled; but it was asked for.
  ///
  /// @param sinceMillis as in [#followedSinceMillis]
  public void settle(long sinceMillis) {
    require(!gone, "settled after its end");
    settledIn = silent ? NEVER : era.number;
    everSettled = true;
    followedSinceMillis = sinceMillis;
  }

  /// Once it is settled: whatever was written since then, by the tree's time, has come here, without relying on what routers say. What
  /// was written before may be unknown here, if routers have lied about who holds it. [dev.banyan.store.Sealing#NEVER] if all that is known relies on them.
  public long followedSinceMillis() {
    return followedSinceMillis;
  }

  public void unsettle() {
    settledIn = NEVER;
    unsettlings++;
  }

  /// Notes that a record waits for a predecessor.
  void suspect() {
    suspicions++;
    unsettlings++;
  }

  /// One that was suspected to be missing has come, or is looked for otherwise.
  void acquit() {
    require(suspicions > 0, "acquitted of nothing");
    suspicions--;
  }

  /// Grows whenever something of the tag may have been missed.
  public long doubts() {
    return unsettlings + era.number;
  }

  /// Whether nothing of the tag can be missing here.
  public boolean whole() {
    return settled() && suspicions == 0;
  }

  // Whether the tree knows of it.

  /// Whether its tag is not advertised, for want of room ([Allotment]): updates do not come here, so it is never settled,
  /// and each read asks.
  public boolean silent() {
    return silent;
  }

  void silence() {
    require(!silent && !gone, "silenced twice, or after its end");
    silent = true;
    unsettle();
  }

  void speak() {
    require(silent && !gone, "advertised twice, or after its end");
    silent = false;
    unsettle(); // What was asked before it is advertised does not count.
  }

  public boolean gone() {
    return gone;
  }

  void end() {
    require(!gone, "ended twice");
    gone = true;
  }

  // Why it is wanted.

  public void watchBegan() {
    watches++;
  }

  public void watchEnded() {
    require(watches > 0, "more watches ended than began");
    watches--;
  }

  public boolean watched() {
    return watches > 0;
  }

  public boolean wanted() {
    return use.isUsed() || watches > 0;
  }

  /// Reads that wait until it is settled, in the order in which they came.
  public Collection<StoreCommand.Read> waiting() {
    return Collections.unmodifiableCollection(waiting);
  }

  /// Whether somebody waits for it.
  public boolean awaited() {
    return !waiting.isEmpty();
  }

  public void await(StoreCommand.Read read) {
    waiting.add(read);
  }

  /// @return whether it waited
  public boolean waitsNoLonger(StoreCommand.Read read) {
    return waiting.remove(read);
  }

  /// Keys under this tag that were written here before anything was known of their past, and that are to be looked at
  /// once it is settled.
  public boolean hasBlindWrites() {
    return !blindWrites.isEmpty();
  }

  public void writtenBlindly(Entry entry) {
    if (blindWrites.isEmpty()) {
      blindWrites = new ArrayList<>(1);
    }
    blindWrites.add(entry);
  }

  public List<Entry> takeBlindWrites() {
    List<Entry> taken = blindWrites;
    blindWrites = List.of();
    return taken;
  }

  private void require(boolean legal, String otherwise) {
    if (!legal) {
      throw new IllegalStateException("the interest in '" + name + "' was " + otherwise);
    }
  }
}
