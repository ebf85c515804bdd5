package dev.banyan.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import java.util.List;
import java.util.Optional;

/// What comes of a [StoreCommand].
public sealed interface StoreOutcome extends Effect.Outcome {

  /// The command's own number.
  long request();

  /// The write is made here and on its way to whoever is interested.
  ///
  /// @param connected whether it is; false: the worker has no parent, others hear of it once it has one, and if it dies
  ///     before that the write is lost
  record Written(long request, String key, Version version, boolean connected)
      implements StoreOutcome {}

  /// The newest value known.
  ///
  /// @param stale newer ones may have been missed: the worker has no parent, or could not ask; or the key may be
  ///     deleted: the worker was away for long, and nobody else holds it
  record Value(long request, String key, Version version, Bytes value, boolean stale)
      implements StoreOutcome {}

  /// The key was never written, or is deleted.
  ///
  /// @param stale as for [Value]
  /// @param grounds on whose word
  record Absent(long request, String key, boolean stale, Grounds grounds) implements StoreOutcome {

    /// In a tree in which nobody proves anything.
    public Absent(long request, String key, boolean stale) {
      this(request, key, stale, Grounds.TRUSTED);
    }
  }

  /// What the key is cannot be said now; nothing is written. It may exist: whoever asked may ask again.
  record Unreachable(long request, String key, Why why) implements StoreOutcome {
    public enum Why {
      /// This worker is cut off from the tree.
      CUT_OFF,
      /// Nobody has answered in time.
      UNANSWERED,
      /// Whoever could be asked does not hold the key or has missed updates, and not everybody could: the root has just
      /// started, or a node was lost lately, or one does not answer.
      INCOMPLETE
    }
  }

  /// The revision was not the expected one; nothing is written.
  ///
  /// @param current what is held instead, empty if nothing
  record Conflict(long request, String key, Optional<Revision> current) implements StoreOutcome {}

  /// The values held at the start of the watch have all been reported.
  ///
  /// @param values how many
  record Watching(long request, int values) implements StoreOutcome {}

  /// A watched key has a newer revision. Revisions of one key come in ascending version; ones overtaken meanwhile are
  /// left out.
  record Changed(long request, Revision revision) implements StoreOutcome {
    private static final long FIXED_BYTES = 128;

    /// By how much it uses up the watch's window.
    public long sizeBytes() {
      return FIXED_BYTES + revision.key().length() + revision.value().map(Bytes::size).orElse(0);
    }
  }

  /// All that existed when the watch began has been reported; said once per watch.
  record CaughtUp(long request) implements StoreOutcome {}

  /// No change is reported for that watch any more.
  record Unwatched(long request) implements StoreOutcome {}

  /// @param more whether the limit cut the list; continue after its last key
  record KeyList(long request, List<String> keys, boolean more) implements StoreOutcome {}

  /// @param revisions newest first; the first is the current one
  record Revisions(long request, String key, List<Revision> revisions) implements StoreOutcome {}

  /// The command breaks a rule or a limit; nothing has changed. Of a watch that was open: it has ended.
  ///
  /// @param reason one line for people
  record Refused(long request, String reason, Kind kind) implements StoreOutcome {

    public enum Kind {
      /// It is wrong, and will be next time.
      INVALID,
      /// There is no room for it.
      FULL,
      /// The worker is about to stop.
      STOPPING
    }

    public Refused(long request, String reason) {
      this(request, reason, Kind.INVALID);
    }
  }

  /// A release was taken, or had been before.
  ///
  /// @param left keys whose newest write came from a member that had left: it is not held any more
  record Learned(long request, Sealing.Epochs epochs, int left) implements StoreOutcome {}

  /// How far what some members wrote is held here: of each of their sessions the greatest number of a batch of which anything is; that of which most is comes first.
  record Heads(long request, List<Sealing.Head> heads) implements StoreOutcome {}

  /// A worker that is about to stop has got so far.
  ///
  /// @param done keys that somebody else holds now
  /// @param all keys there are to see to
  record Draining(long request, int done, int all) implements StoreOutcome {}

  /// All that could be done before the worker stops is done: stop it.
  ///
  /// @param vouched keys that somebody else held already
  /// @param handedOver keys that were given to somebody else
  /// @param left keys of which neither could be brought about: if nobody else holds them they are lost
  /// @param example one of those, empty if there is none
  record Drained(long request, int vouched, int handedOver, int left, String example)
      implements StoreOutcome {}
}
