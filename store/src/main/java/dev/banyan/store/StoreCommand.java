package dev.banyan.store;

import dev.banyan.capsule.Release;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a user asks of a worker's store. Keys are 1 to [#MAX_KEY_BYTES] bytes of UTF-8, values at most
/// [#MAX_VALUE_BYTES]; anything else is answered with [StoreOutcome.Refused] and changes nothing.
public sealed interface StoreCommand extends Event.Command {

  int MAX_KEY_BYTES = 1024;
  int MAX_VALUE_BYTES = 1 << 20;

  /// Chosen by the caller, unique among its open requests; every outcome of the command carries it.
  long request();

  /// What needs to know the newest revision of a key: it may have to wait for a fetch.
  sealed interface Read extends StoreCommand {
    String key();
  }

  /// Writes a value. Answered with [StoreOutcome.Written] at once, also while disconnected: others learn of it then
  /// after the worker has found a parent.
  record Put(long request, String key, Bytes value) implements StoreCommand {}

  /// Writes several values in one multicast (as far as its limits go). Answered with one [StoreOutcome.Written] per
  /// entry, in order; if one entry is refused, all are.
  record PutAll(long request, List<Entry> entries) implements StoreCommand {
    public record Entry(String key, Bytes value) {}
  }

  /// Deletes a key by writing a tombstone. Answered with [StoreOutcome.Written], whether or not there was a value.
  record Delete(long request, String key) implements StoreCommand {}

  /// Reads a key: at once when the worker holds it and has missed nothing of it, otherwise after a fetch, within
  /// [StoreConfig.Fetching#patienceNanos]. Answered with [StoreOutcome.Value], [StoreOutcome.Absent] or
  /// [StoreOutcome.Unreachable].
  record Get(long request, String key) implements Read {}

  /// Writes if the key's newest revision *known to this worker* is the expected one. Answered with
  /// [StoreOutcome.Written], [StoreOutcome.Conflict], or [StoreOutcome.Unreachable] when it is not known whether the
  /// worker has missed a revision: it is cut off, or could not ask everybody.
  ///
  /// The comparison is local: two workers can both succeed against the same revision, and the last writer wins. It
  /// guards one worker's callers against each other, not workers against each other.
  ///
  /// @param expected empty: the key must be absent or deleted
  /// @param value empty: delete
  record CompareAndSet(long request, String key, Optional<Version> expected, Optional<Bytes> value)
      implements Read {}

  /// Reports every change of a key, or of all keys that start with a prefix. Answered with a [StoreOutcome.Changed] for
  /// each value held now, then [StoreOutcome.Watching], then more changes, deletions included, until [Unwatch];
  /// [StoreOutcome.CaughtUp] comes once all that existed when the watch began has been reported.
  ///
  /// A prefix costs the tree least when it ends in `/` within the declared levels ([StoreConfig#prefixLevels]); any
  /// other is watched through the longest declared prefix of it, and filtered here. One that has none (no `/` at all)
  /// is refused, but for the empty prefix: that is everything, and costs as much.
  ///
  /// Who reads slowly is told as it reads, and nothing piles up for it: beyond the window the store waits for [Taken],
  /// and of a key that changes often meanwhile only the newest revision is told then.
  ///
  /// @param windowBytes how many bytes of changes ([StoreOutcome.Changed#sizeBytes]) may be told before any are taken;
  ///     the last may go beyond it. [#UNLIMITED]: everything is told at once
  record Watch(long request, String name, boolean prefix, long windowBytes)
      implements StoreCommand {
    public static final long UNLIMITED = Long.MAX_VALUE;

    /// The largest other window.
    public static final long MAX_WINDOW = 1L << 40;

    public Watch(long request, String name, boolean prefix) {
      this(request, name, prefix, UNLIMITED);
    }
  }

  /// The reader of the watch that was started with the request `watch` has taken changes of so many bytes: so many more
  /// may be told. Not answered; of a watch that has ended, ignored.
  record Taken(long request, long watch, long bytes) implements StoreCommand {}

  /// Ends the watch that was started with the request `watch`. Answered with [StoreOutcome.Unwatched].
  record Unwatch(long request, long watch) implements StoreCommand {}

  /// Lists keys that this worker holds a value of, in order. Answered with [StoreOutcome.KeyList].
  ///
  /// @param prefix may be empty: all that are held here
  /// @param after keys up to this one are left out; empty to start
  /// @param limit the most keys to return
  record Keys(long request, String prefix, String after, int limit) implements StoreCommand {}

  /// Has the worker hand over what it alone holds, as it is about to be stopped. First what waits for others to share
  /// its multicast is sent; then, of each key held here, somebody else who holds it as new is looked for, and what nobody
  /// vouches for is given to another worker, which keeps it as if it had written it. Answered with [StoreOutcome.Draining]
  /// now and then, and once, in the end, with [StoreOutcome.Drained]. From here on nothing can be written.
  ///
  /// @param timeoutNanos for all of it
  record Drain(long request, long timeoutNanos) implements StoreCommand {}

  /// Newer secrets of the group, and who has left it, from who gives them out; verified. From now on what they open is taken, and what could
  /// not be opened so far is asked for. Answered with [StoreOutcome.Learned], or refused if it does not fit what is known.
  record Learn(long request, Release release) implements StoreCommand {}

  /// Says how far what these members wrote is held here, as somebody is to say how much of it counts. Answered with [StoreOutcome.Heads].
  record Heads(long request, Set<NodeId> writers) implements StoreCommand {
    public Heads {
      writers = Collections.unmodifiableSet(new LinkedHashSet<>(writers));
    }
  }

  /// Lists the revisions of a key that this worker remembers. Answered with [StoreOutcome.Revisions].
  record History(long request, String key) implements StoreCommand {}
}
