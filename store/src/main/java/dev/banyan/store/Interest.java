package dev.banyan.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tag this worker wants: that of one key, or of one declared prefix, or everything. Why it wants it, and whether it
/// has missed anything of it.
///
/// Legal states: *unsettled* at first and after every gap or change of path; *settled* when a question, asked after the
/// tag was advertised and not overtaken by a gap, was answered.
final class Interest {

  private static final long NEVER = -1;

  final long tag;
  final String name;

  /// Null for a key; of a declared prefix, or of everything, the checksums of what is held under it.
  final @Nullable Checksums checksums;

  /// Tags to ask, in turn, until a settled holder answers.
  final long[] plan;

  final List<Watching> watches = new ArrayList<>(0);

  /// Wanted because its key was read or written here, not so long ago; see [Fading].
  boolean used;

  /// What its uses weighed when it was last used.
  double weight;

  long weighedNanos;

  /// Whether its time to fade is noted.
  boolean awaited;

  /// It does not fade before this time.
  long keptUntilNanos = Long.MIN_VALUE;

  boolean everSettled;

  private final Era era;

  /// The era in which it was settled; it is settled no more when that has ended.
  private long settledIn = NEVER;

  private long unsettlings;

  /// Chains of records with this tag that wait for a predecessor.
  int suspicions;

  /// The questions asked to settle it, null for none; see [Fetches].
  @Nullable Round round;

  /// Questions in a row that were not answered in time.
  int tries;

  /// Whether, when all who could be asked had been, others could not be.
  boolean incomplete;

  /// When all had been asked, then, from here or by whoever said so.
  long askedAllNanos = Long.MIN_VALUE / 2;

  /// Not asked before this time, even if somebody waits: all who can be asked were just now.
  long pausedUntilNanos = Long.MIN_VALUE;

  boolean queued;
  boolean trickling;

  /// Not asked before this time unless somebody waits for it.
  long notBeforeNanos;

  /// How often others' questions have put off this one.
  int postponed;

  boolean gone;

  /// Its tag is not advertised, for want of room ([Allotment]): updates do not come here, so it is never settled, and each
  /// read asks.
  boolean silent;

  final ArrayDeque<StoreCommand> waiting = new ArrayDeque<>(0);
  final List<Entry> blindWrites = new ArrayList<>(0);

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

  boolean prefix() {
    return checksums != null;
  }

  boolean settled() {
    return settledIn == era.number;
  }

  void settle() {
    settledIn = silent ? NEVER : era.number;
    everSettled = true;
    incomplete = false;
  }

  void unsettle() {
    settledIn = NEVER;
    unsettlings++;
  }

  /// Notes that a record waits for a predecessor.
  void suspect() {
    suspicions++;
    unsettlings++;
  }

  /// Grows whenever something of the tag may have been missed.
  long doubts() {
    return unsettlings + era.number;
  }

  /// Whether nothing of the tag can be missing here.
  boolean whole() {
    return settled() && suspicions == 0;
  }

  boolean wanted() {
    return used || !watches.isEmpty();
  }
}
