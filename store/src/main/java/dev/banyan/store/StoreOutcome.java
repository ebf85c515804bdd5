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
  record Written(long request, String key, Version version) implements StoreOutcome {}

  /// The newest value known.
  ///
  /// @param stale newer ones may have been missed: the worker has no parent, or could not ask; or the key may be
  ///     deleted: the worker was away for long, and nobody else holds it
  record Value(long request, String key, Version version, Bytes value, boolean stale)
      implements StoreOutcome {}

  /// The key was never written, or is deleted.
  ///
  /// @param stale as for [Value]
  record Absent(long request, String key, boolean stale) implements StoreOutcome {}

  /// Nothing is held and nobody answered.
  ///
  /// @param tries how often was asked
  record Unreachable(long request, String key, int tries) implements StoreOutcome {}

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
  record Changed(long request, Revision revision) implements StoreOutcome {}

  /// All that existed when the watch began has been reported; said once per watch.
  record CaughtUp(long request) implements StoreOutcome {}

  /// No change is reported for that watch any more.
  record Unwatched(long request) implements StoreOutcome {}

  /// @param more whether the limit cut the list; continue after its last key
  record KeyList(long request, List<String> keys, boolean more) implements StoreOutcome {}

  /// @param revisions newest first; the first is the current one
  record Revisions(long request, String key, List<Revision> revisions) implements StoreOutcome {}

  /// The command breaks a rule or a limit; nothing has changed.
  ///
  /// @param reason one line for people
  record Refused(long request, String reason) implements StoreOutcome {}
}
